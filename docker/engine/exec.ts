/** Runs a command in a container and waits for its end. */
import type Dockerode from 'dockerode'
import { PassThrough } from 'node:stream'
import { LossproofError } from '../../model/errors.ts'

/** Resolves with standard output. Throws LossproofError('cluster') with standard error when the exit code is not 0. */
export async function execIn(container: Dockerode.Container, command: string[]): Promise<string> {
  const { code, stdout, stderr } = await tryExecIn(container, command)
  if (code !== 0)
    throw new LossproofError(
      'cluster',
      `${command[0] ?? 'a command'} in a container ended with exit code ${code}: ${stderr.trim() || stdout.trim()}`,
    )
  return stdout
}

/** Like `execIn`, for commands that may fail. */
export async function tryExecIn(
  container: Dockerode.Container,
  command: string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  const exec = await container.exec({ Cmd: command, AttachStdout: true, AttachStderr: true })
  const stream = await exec.start({})
  const out = new PassThrough()
  const error = new PassThrough()
  let stdout = ''
  let stderr = ''
  out.on('data', (data: Buffer) => (stdout += data.toString('utf8')))
  error.on('data', (data: Buffer) => (stderr += data.toString('utf8')))
  container.modem.demuxStream(stream, out, error)
  await new Promise<void>((resolve, reject) => {
    stream.on('end', resolve)
    stream.on('close', resolve)
    stream.on('error', reject)
  })
  const { ExitCode: code } = await exec.inspect()
  return { code: code ?? -1, stdout, stderr }
}
