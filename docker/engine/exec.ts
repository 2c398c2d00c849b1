/** Runs a command in a container and waits for its end. */
import type Dockerode from 'dockerode'
import { PassThrough } from 'node:stream'
import { LossproofError } from '../../model/errors.ts'

/** Resolves with standard output. Throws LossproofError('cluster') with standard error when the exit code is not 0. */
export async function execIn(container: Dockerode.Container, command: string[]): Promise<string> {
  const finished = await tryExecIn(container, command)
  if (finished.code !== 0) throw failure(command, finished)
  return finished.stdout
}

export interface WaitingCommand {
  /** Writes `text` to the command's standard input and closes it. Resolves with standard output, or throws like `execIn`. */
  end(text: string): Promise<string>
}

/**
 * Starts a command, and resolves when it has printed `ready`, which its output then lacks. Throws LossproofError('cluster')
 * when it ends before.
 */
export async function execUntilReady(
  container: Dockerode.Container,
  command: string[],
  ready: string,
): Promise<WaitingCommand> {
  const exec = await container.exec({ Cmd: command, AttachStdin: true, AttachStdout: true, AttachStderr: true })
  const stream = await exec.start({ hijack: true, stdin: true })
  const out = new PassThrough()
  const errors = new PassThrough()
  let stdout = ''
  let stderr = ''
  const isReady = new Promise<void>(resolve => {
    out.on('data', (data: Buffer) => {
      stdout += data.toString('utf8')
      if (stdout.startsWith(ready)) resolve()
    })
  })
  errors.on('data', (data: Buffer) => (stderr += data.toString('utf8')))
  container.modem.demuxStream(stream, out, errors)
  const ended = new Promise<void>((resolve, reject) => {
    stream.on('end', resolve)
    stream.on('close', resolve)
    stream.on('error', reject)
  })
  const failed = async () => {
    const { ExitCode: code } = await exec.inspect()
    return code === 0 ? undefined : failure(command, { code: code ?? -1, stdout, stderr })
  }
  await Promise.race([isReady, ended])
  if (!stdout.startsWith(ready)) throw (await failed()) ?? failure(command, { code: 0, stdout, stderr })
  return {
    async end(text) {
      stream.end(text)
      await ended
      const error = await failed()
      if (error) throw error
      return stdout.slice(ready.length)
    },
  }
}

interface Finished {
  code: number
  stdout: string
  stderr: string
}

const failure = ([name = 'a command']: readonly string[], { code, stdout, stderr }: Finished): LossproofError =>
  new LossproofError(
    'cluster',
    `${name} in a container ended with exit code ${code}: ${stderr.trim() || stdout.trim()}`,
  )

/** Like `execIn`, for commands that may fail. */
export async function tryExecIn(container: Dockerode.Container, command: string[]): Promise<Finished> {
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
