/** Runs a command in a container and waits for its end. */
import type Dockerode from 'dockerode'
import { PassThrough } from 'node:stream'
import type { Duplex } from 'node:stream'
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
  const output = outputOf(container, stream)
  const isReady = new Promise<void>(resolve => {
    output.onText(() => output.stdout.startsWith(ready) && resolve())
  })
  const failed = async () => {
    const { ExitCode: code } = await exec.inspect()
    const { stdout, stderr } = output
    return code === 0 ? undefined : failure(command, { code: code ?? -1, stdout, stderr })
  }
  await Promise.race([isReady, output.ended])
  if (!output.stdout.startsWith(ready)) throw (await failed()) ?? failure(command, { ...output, code: 0 })
  return {
    async end(text) {
      stream.end(text)
      await output.ended
      const error = await failed()
      if (error) throw error
      return output.stdout.slice(ready.length)
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
  const output = outputOf(container, await exec.start({}))
  await output.ended
  const { ExitCode: code } = await exec.inspect()
  return { code: code ?? -1, stdout: output.stdout, stderr: output.stderr }
}

/** Collects what a command prints. `ended` settles with the end of its output; `onText` tells of more on standard output. */
function outputOf(container: Dockerode.Container, stream: Duplex) {
  const [out, errors] = [new PassThrough(), new PassThrough()]
  const ended = new Promise<void>((resolve, reject) => {
    stream.on('end', resolve)
    stream.on('close', resolve)
    stream.on('error', reject)
  })
  const output = { stdout: '', stderr: '', ended, onText: (listener: () => void) => void out.on('data', listener) }
  out.on('data', (data: Buffer) => (output.stdout += data.toString('utf8')))
  errors.on('data', (data: Buffer) => (output.stderr += data.toString('utf8')))
  container.modem.demuxStream(stream, out, errors)
  return output
}
