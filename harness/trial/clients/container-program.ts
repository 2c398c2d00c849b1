/**
 * A program in a container. It uses the host's network, so that brokers advertise the same address to all clients. The
 * run's folder is mounted at its own path, and the program writes as the user that runs the harness. The container carries
 * the run's labels, by which the janitor finds it.
 */
import type Dockerode from 'dockerode'
import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { Labels } from '../../../docker/engine/labels.ts'
import { freezeContainer } from '../../../docker/nodes/freezer.ts'
import { LossproofError, messageOf } from '../../../model/errors.ts'
import type { Program, ProgramListener } from './own/program.ts'
import type { ClientSignal } from './transport.ts'

const stderrKeptChars = 4000
const lastOutputLimitMs = 2000
const WaitAnswer = z.object({ StatusCode: z.number() })
/** The engine reports 128 plus the number of the signal as exit code. */
const signals: Readonly<Record<number, string>> = { 137: 'SIGKILL', 143: 'SIGTERM' }

export interface ContainerOptions {
  docker: Dockerode
  image: string
  /** Replaces the entrypoint of the image. */
  entrypoint?: readonly string[]
  words: readonly string[]
  environment?: Readonly<Record<string, string>>
  labels: Labels
  /** Name of the client process. */
  process: string
  /** The run's folder, absolute. */
  folder: string
}

export class ContainerProgram implements Program {
  readonly #options: ContainerOptions
  #container: Dockerode.Container | undefined
  #stream: NodeJS.ReadWriteStream | undefined
  #stderr = ''
  #started = false
  #hasEnded = false
  #stopped = false

  constructor(options: ContainerOptions) {
    this.#options = options
  }

  async start(listener: ProgramListener): Promise<void> {
    const { docker, image, entrypoint, words, environment = {}, labels, folder } = this.#options
    try {
      const container = await docker.createContainer({
        Image: image,
        Labels: { ...labels, 'lossproof.client': this.#options.process },
        ...(entrypoint === undefined ? {} : { Entrypoint: [...entrypoint] }),
        ...(words.length === 0 && entrypoint === undefined ? {} : { Cmd: [...words] }),
        Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
        User: `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`,
        // When the harness is gone the engine closes standard input, which ends the client.
        OpenStdin: true,
        StdinOnce: true,
        AttachStdin: true,
        AttachStdout: true,
        AttachStderr: true,
        HostConfig: {
          NetworkMode: 'host',
          Binds: [`${folder}:${folder}`],
          CapDrop: ['ALL'],
          // Reports are many and are read as they come, so the engine need not keep them.
          LogConfig: { Type: 'none', Config: {} },
        },
      })
      this.#container = container
      const stream = await container.attach({ stream: true, stdin: true, stdout: true, stderr: true, hijack: true })
      this.#stream = stream
      const lastOutput = this.#listen(container, stream, listener)
      await container.start()
      this.#started = true
      void this.#watch(container, lastOutput, listener)
    } catch (error) {
      const { process: name } = this.#options
      throw new LossproofError('client', `the container of client ${name} did not start: ${messageOf(error)}`, {
        cause: error,
      })
    }
  }

  get started(): boolean {
    return this.#started
  }

  get stopped(): boolean {
    return this.#stopped
  }

  get errors(): string {
    return this.#stderr
  }

  tell(line: string): void {
    if (!this.#hasEnded) this.#stream?.write(`${line}\n`)
  }

  async signal(signal: ClientSignal): Promise<void> {
    const container = this.#container
    if (this.#hasEnded || !container) return
    if (signal === 'SIGKILL' || signal === 'SIGTERM') {
      // It may have ended by itself in the meantime.
      await container.kill({ signal }).catch((error: unknown) => this.#ignoreIfEnded(error))
      return
    }
    // The engine's freezer stops all threads at once; SIGSTOP has no effect on the first process of a container.
    const freeze = signal === 'SIGSTOP'
    const paused = async () => (await container.inspect()).State.Paused
    if ((await paused()) !== freeze)
      await (freeze ? freezeContainer(container, 'the client') : container.unpause()).catch((error: unknown) =>
        this.#ignoreIfEnded(error),
      )
    this.#stopped = await paused()
  }

  async remove(): Promise<void> {
    await this.#container?.remove({ force: true }).catch((error: unknown) => {
      // The run's clean-up may have removed it already.
      if (!/no such container|already in progress/i.test(messageOf(error))) throw error
    })
  }

  /** Rethrows the error of a request to a container that still runs. */
  async #ignoreIfEnded(error: unknown): Promise<void> {
    if (await this.#runs()) throw error
  }

  async #runs(): Promise<boolean> {
    try {
      return (await this.#container?.inspect())?.State.Running ?? false
    } catch {
      return false
    }
  }

  /** Resolves when the last output has been read. */
  async #listen(
    container: Dockerode.Container,
    stream: NodeJS.ReadWriteStream,
    listener: ProgramListener,
  ): Promise<void> {
    const out = new PassThrough()
    const error = new PassThrough()
    container.modem.demuxStream(stream, out, error)
    for (const event of ['end', 'close', 'error'] as const) stream.on(event, () => out.end())
    error.on('data', (data: Buffer) => {
      this.#stderr = (this.#stderr + data.toString('utf8')).slice(-stderrKeptChars)
    })
    out.on('data', (chunk: Buffer) => listener.stdout(chunk))
    await once(out, 'end')
  }

  async #watch(container: Dockerode.Container, lastOutput: Promise<void>, listener: ProgramListener): Promise<void> {
    let how: string
    try {
      const { StatusCode: code } = WaitAnswer.parse(await container.wait())
      how = signals[code] === undefined ? `exit code ${code}` : `signal ${signals[code]}`
    } catch (error) {
      how = messageOf(error)
    }
    await Promise.race([lastOutput, delay(lastOutputLimitMs)])
    this.#hasEnded = true
    listener.ended(how)
  }
}
