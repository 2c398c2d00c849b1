/** One client process: told what to do, heard, watched until it is gone. How it is reached is its transport's business. */
import type { Janitor } from '../../../docker/cleanup/janitor.ts'
import { runsIn } from '../../../workloads/clients/catalog.ts'
import type { LaneStatus, ProcessConfig, Report } from '../../../workloads/messages.ts'
import { LossproofError } from '../../../model/errors.ts'
import { waitFor } from '../../../model/wait.ts'
import { ContainedProcess } from './contained.ts'
import type { ClientHost } from '../../../docker/nodes/client-host.ts'
import { ForkedProcess } from './forked.ts'
import type { Transport } from './transport.ts'

/** A consumer is ready when it has its partitions. Beside a dead coordinator it first waits for connections that nobody answers, for the coordinator's failover and for the session of the member before it, one after the other. */
const readyLimitMs = 90_000
const pauseLimitMs = 5000
const endLimitMs = 15_000
/** A live process reports every 25 ms; one that is silent for so long hangs. */
const silenceLimitMs = 10_000

/** What processes need of their trial, wherever they run. */
export interface ClientPlace {
  janitor: Janitor
  host: ClientHost
  /** The run's folder, absolute. */
  folder: string
  signal: AbortSignal
}

/** A process for `config`, whose lanes' clients all run in the same kind of place. It is there once it is started. */
export function clientProcess(config: ProcessConfig, { janitor, host, folder, signal }: ClientPlace): ClientProcess {
  const contained = config.role !== 'reader' && config.lanes.some(lane => runsIn(lane.client) === 'container')
  return new ClientProcess(
    config,
    contained ? new ContainedProcess(config, host, folder) : new ForkedProcess(config, janitor),
    signal,
  )
}

export class ClientProcess {
  readonly config: ProcessConfig
  readonly #transport: Transport
  readonly #signal: AbortSignal
  #ready = false
  #done = false
  #pausesAsked = 0
  #pausesDone = 0
  #failures: string[] = []
  #heardAt: number | undefined
  #asleep = false
  #fatal: string | undefined
  #lanes: Record<string, LaneStatus> = {}

  constructor(config: ProcessConfig, transport: Transport, signal: AbortSignal) {
    this.config = config
    this.#transport = transport
    this.#signal = signal
  }

  get name(): string {
    return this.config.process
  }

  /** Counters as of the last status, at most 25 ms old. */
  lane(id: string): LaneStatus | undefined {
    return this.#lanes[id]
  }

  get lanes(): Record<string, LaneStatus> {
    return this.#lanes
  }

  /** How it ended, by the operating system's or the engine's word: `exit code 0`, `signal SIGKILL`; undefined while it runs. */
  get ended(): string | undefined {
    return this.#transport.ended
  }

  /** Whether it said that it had written everything. */
  get finished(): boolean {
    return this.#done
  }

  /** Stopped by SIGSTOP or the engine's freezer, by the word of the kernel or the engine. */
  get frozen(): boolean {
    return this.ended === undefined && this.#transport.frozen
  }

  /** How the process ended although nobody ended it, with what it wrote last. */
  get died(): string | undefined {
    if (this.#done && this.#fatal === undefined) return undefined
    const silentMs = this.#heardAt === undefined || this.#asleep ? 0 : performance.now() - this.#heardAt
    if (this.ended === undefined && silentMs > silenceLimitMs)
      return `it has said nothing for ${Math.round(silentMs / 1000)} s`
    const how = this.#fatal ?? this.ended
    return how === undefined
      ? undefined
      : [how, this.#transport.errors.trim().split('\n').at(-1)].filter(Boolean).join(': ')
  }

  /** What a reader could not read to its end. */
  get failures(): readonly string[] {
    return this.#failures
  }

  async start(): Promise<void> {
    await this.#transport.open(report => this.#hear(report))
    this.#transport.send({ type: 'start', config: this.config })
    await this.#until(`${this.name} connected`, readyLimitMs, () => this.#ready)
  }

  /** Resolves when no new send will leave; sends under way go on. */
  async pause(): Promise<void> {
    this.#pausesAsked += 1
    const asked = this.#pausesAsked
    this.#transport.send({ type: 'pause' })
    await this.#until(`${this.name} paused`, pauseLimitMs, () => this.#pausesDone >= asked)
  }

  resume(): void {
    this.#transport.send({ type: 'resume' })
  }

  /** Asks the process to end what it does and waits until it has written everything. */
  async stop(limitMs: number): Promise<void> {
    this.#transport.send({ type: 'stop' })
    await this.done(limitMs)
  }

  async done(limitMs: number): Promise<void> {
    await this.#until(`${this.name} done`, limitMs, () => this.#done)
  }

  /** SIGKILL, whatever its state; resolves when nothing of it is left. */
  async kill(): Promise<void> {
    await this.end('SIGKILL')
    await this.#transport.remove()
  }

  /** Sends the signal; resolves when the operating system or the engine says that the process is gone. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (!this.#transport.opened || this.ended !== undefined) return
    await this.#transport.signal(signal)
    await waitFor(
      { what: `${this.name} gone`, limitMs: endLimitMs, intervalMs: 5, signal: new AbortController().signal },
      () => ({
        ...(this.ended === undefined ? {} : { value: true }),
        seen: 'still there',
      }),
    )
  }

  async freeze(): Promise<void> {
    this.#asleep = true
    await this.#transport.signal('SIGSTOP')
  }

  /** No error when it is not frozen. */
  async wake(): Promise<void> {
    await this.#transport.signal('SIGCONT')
    this.#heardAt = performance.now()
    this.#asleep = false
  }

  async #until(what: string, limitMs: number, reached: () => boolean): Promise<void> {
    await waitFor({ what, limitMs, intervalMs: 5, signal: this.#signal }, () => {
      if (reached()) return { value: true, seen: 'reached' }
      return { seen: JSON.stringify(this.#lanes), ...this.#failIfDead() }
    })
  }

  /** A dead process will never reach anything. */
  #failIfDead(): Record<string, never> {
    if (this.#fatal === undefined && this.ended === undefined) return {}
    throw new ClientDied(`client process ${this.name} ended: ${this.died ?? this.ended ?? ''}`)
  }

  #hear(report: Report): void {
    if (report.type === 'ready') this.#ready = true
    if (report.type === 'fatal') this.#fatal = report.error
    if (report.type === 'status') {
      this.#pausesDone = report.pauses
      this.#heardAt = performance.now()
    }
    if (report.type === 'status' || report.type === 'done') this.#lanes = report.lanes
    if (report.type === 'done') {
      this.#done = true
      this.#failures = report.failures ?? []
    }
  }
}

export class ClientDied extends LossproofError {
  constructor(message: string) {
    super('client', message)
  }
}
