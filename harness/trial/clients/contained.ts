/**
 * A client process in a container, for client libraries that do not run in Node.js. Commands and reports are JSON lines on
 * its standard streams. The container uses the host's network, so that brokers advertise the same address to all clients.
 * The run's folder is mounted at its own path, and the client writes as the user that runs the harness. The container
 * carries the run's labels, by which the janitor finds it.
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

const stderrKeptChars = 4000
const lastReportLimitMs = 2000
const WaitAnswer = z.object({ StatusCode: z.number() })
/** The engine reports 128 plus the number of the signal as exit code. */
const signals: Readonly<Record<number, string>> = { 137: 'SIGKILL', 143: 'SIGTERM' }

export class ContainedProcess implements Transport {
  readonly #config: ProcessConfig
  readonly #host: ClientHost
  /** The run's folder, absolute. */
  readonly #folder: string
  readonly #args: readonly string[]
  #container: Dockerode.Container | undefined
  #stream: NodeJS.ReadWriteStream | undefined
  #stderr = ''
  #ended: string | undefined
  #frozen = false

  /** `args`: further command line arguments; used by measurements. */
  constructor(config: ProcessConfig, host: ClientHost, folder: string, args: readonly string[] = []) {
    this.#args = args
    this.#config = config
    this.#host = host
    this.#folder = folder
  }

  async open(onReport: (report: Report) => void): Promise<void> {
    const { docker, image, entrypoint, labels } = this.#host
    try {
      const container = await docker.createContainer({
        Image: image,
        Labels: { ...labels, 'lossproof.client': this.#config.process },
        Entrypoint: [entrypoint],
        Cmd: [...this.#args],
        User: `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`,
        // When the harness is gone the engine closes standard input, which ends the client.
        OpenStdin: true,
        StdinOnce: true,
        AttachStdin: true,
        AttachStdout: true,
        AttachStderr: true,
        HostConfig: {
          NetworkMode: 'host',
          Binds: [`${this.#folder}:${this.#folder}`],
          CapDrop: ['ALL'],
          // Reports are many and are read as they come, so the engine need not keep them.
          LogConfig: { Type: 'none', Config: {} },
        },
      })
      this.#container = container
      const stream = await container.attach({ stream: true, stdin: true, stdout: true, stderr: true, hijack: true })
      this.#stream = stream
      const lastReport = this.#listen(container, stream, onReport)
      await container.start()
      void this.#watch(container, lastReport)
    } catch (error) {
      throw new LossproofError(
        'client',
        `the container of client ${this.#config.process} did not start: ${messageOf(error)}`,
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
    this.#frozen = await paused()
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

  /** Resolves when the last report has been read. */
  async #listen(
    container: Dockerode.Container,
    stream: NodeJS.ReadWriteStream,
    onReport: (report: Report) => void,
  ): Promise<void> {
    const out = new PassThrough()
    const error = new PassThrough()
    container.modem.demuxStream(stream, out, error)
    for (const event of ['end', 'close', 'error'] as const) stream.on(event, () => out.end())
    error.on('data', (data: Buffer) => {
      this.#stderr = (this.#stderr + data.toString('utf8')).slice(-stderrKeptChars)
    })
    const lines = createInterface({ input: out })
    lines.on('line', line => onReport(JSON.parse(line) as Report))
    await once(lines, 'close')
  }

  /** Sets `ended` after the last report has been read. */
  async #watch(container: Dockerode.Container, lastReport: Promise<void>): Promise<void> {
    let ended: string
    try {
      const { StatusCode: code } = WaitAnswer.parse(await container.wait())
      ended = signals[code] === undefined ? `exit code ${code}` : `signal ${signals[code]}`
    } catch (error) {
      ended = messageOf(error)
    }
    await Promise.race([lastReport, delay(lastReportLimitMs)])
    this.#ended = ended
  }
}
