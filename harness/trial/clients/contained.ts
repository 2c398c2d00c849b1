/**
 * A client process in a container, for clients that are not Node's: JSON lines on its standard streams. It uses the
 * host's network, so that brokers advertise one address to every client, and writes into the run's folder, mounted
 * where it lies, as the user that runs the harness. Its labels are the run's: the janitor finds it.
 */
import type Dockerode from 'dockerode'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { freezeContainer } from '../../../docker/nodes/freezer.ts'
import type { ClientHost } from '../../../docker/nodes/client-host.ts'
import type { Command, ProcessConfig, Report } from '../../../workloads/messages.ts'
import { LossproofError, messageOf } from '../../../model/errors.ts'
import type { ClientSignal, Transport } from './transport.ts'

const stderrKept = 4000
const heardLimitMs = 2000
const Waited = z.object({ StatusCode: z.number() })
/** The engine tells 128 + the number of the signal. */
const signals: Readonly<Record<number, string>> = { 137: 'SIGKILL', 143: 'SIGTERM' }

export class ContainedProcess implements Transport {
  readonly #config: ProcessConfig
  readonly #host: ClientHost
  /** The run's folder, absolute. */
  readonly #folder: string
  readonly #words: readonly string[]
  #container: Dockerode.Container | undefined
  #stream: NodeJS.ReadWriteStream | undefined
  #stderr = ''
  #ended: string | undefined
  #frozen = false

  /** `words`: for the client's command line, for measurements. */
  constructor(config: ProcessConfig, host: ClientHost, folder: string, words: readonly string[] = []) {
    this.#words = words
    this.#config = config
    this.#host = host
    this.#folder = folder
  }

  async open(hear: (report: Report) => void): Promise<void> {
    const { docker, image, entrypoint, labels } = this.#host
    try {
      const container = await docker.createContainer({
        Image: image,
        Labels: { ...labels, 'lossproof.client': this.#config.process },
        Entrypoint: [entrypoint],
        Cmd: [...this.#words],
        User: `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`,
        // The engine closes standard input when the harness is gone, which ends the client.
        OpenStdin: true,
        StdinOnce: true,
        AttachStdin: true,
        AttachStdout: true,
        AttachStderr: true,
        HostConfig: {
          NetworkMode: 'host',
          Binds: [`${this.#folder}:${this.#folder}`],
          CapDrop: ['ALL'],
          // Reports are many, and read as they come.
          LogConfig: { Type: 'none', Config: {} },
        },
      })
      this.#container = container
      const stream = await container.attach({ stream: true, stdin: true, stdout: true, stderr: true, hijack: true })
      this.#stream = stream
      const heard = this.#listen(container, stream, hear)
      await container.start()
      void this.#watch(container, heard)
    } catch (error) {
      throw new LossproofError(
        'client',
        `client container ${this.#config.process} did not start: ${messageOf(error)}`,
        { cause: error },
      )
    }
  }

  get opened(): boolean {
    return this.#container !== undefined
  }

  get ended(): string | undefined {
    return this.#ended
  }

  get frozen(): boolean {
    return this.#frozen
  }

  get errors(): string {
    return this.#stderr
  }

  send(command: Command): void {
    if (this.#ended === undefined) this.#stream?.write(`${JSON.stringify(command)}\n`)
  }

  async signal(signal: ClientSignal): Promise<void> {
    const container = this.#container
    if (this.#ended !== undefined || !container) return
    if (signal === 'SIGKILL' || signal === 'SIGTERM') {
      // It may have ended by itself meanwhile.
      await container.kill({ signal }).catch((error: unknown) => this.#orEnded(error))
      return
    }
    // The freezer holds every thread at once; a SIGSTOP to the first process of a container is not heard.
    const freeze = signal === 'SIGSTOP'
    const paused = async () => (await container.inspect()).State.Paused
    if ((await paused()) !== freeze)
      await (freeze ? freezeContainer(container, 'the client') : container.unpause()).catch((error: unknown) =>
        this.#orEnded(error),
      )
    this.#frozen = await paused()
  }

  async remove(): Promise<void> {
    await this.#container?.remove({ force: true }).catch((error: unknown) => {
      // The trial's own cleaning may have come first.
      if (!/no such container|already in progress/i.test(messageOf(error))) throw error
    })
  }

  async #orEnded(error: unknown): Promise<void> {
    if (await this.#runs()) throw error
  }

  async #runs(): Promise<boolean> {
    try {
      return (await this.#container?.inspect())?.State.Running ?? false
    } catch {
      return false
    }
  }

  /** Resolves when the last report has been heard. */
  async #listen(
    container: Dockerode.Container,
    stream: NodeJS.ReadWriteStream,
    hear: (report: Report) => void,
  ): Promise<void> {
    const out = new PassThrough()
    const error = new PassThrough()
    container.modem.demuxStream(stream, out, error)
    for (const event of ['end', 'close', 'error'] as const) stream.on(event, () => out.end())
    error.on('data', (data: Buffer) => {
      this.#stderr = (this.#stderr + data.toString('utf8')).slice(-stderrKept)
    })
    const lines = createInterface({ input: out })
    lines.on('line', line => hear(JSON.parse(line) as Report))
    await once(lines, 'close')
  }

  /** Its end counts when all that it reported before has been heard. */
  async #watch(container: Dockerode.Container, heard: Promise<void>): Promise<void> {
    let ended: string
    try {
      const { StatusCode: code } = Waited.parse(await container.wait())
      ended = signals[code] === undefined ? `exit code ${code}` : `signal ${signals[code]}`
    } catch (error) {
      ended = messageOf(error)
    }
    await Promise.race([heard, delay(heardLimitMs)])
    this.#ended = ended
  }
}
