/** One client process: sends it commands, keeps its latest counters, and notices its end. */
import type { Janitor } from '../../../docker/cleanup/janitor.ts'
import { runsIn } from '../../../workloads/clients/catalog.ts'
import type { LaneStatus, ProcessConfig, Report } from '../../../workloads/messages.ts'
import { applicationClient } from '../../../model/plan.ts'
import { LossproofError } from '../../../model/errors.ts'
import { waitFor } from '../../../model/wait.ts'
import { applicationProcess } from '../application/start-application.ts'
import { ContainedProcess } from './contained.ts'
import type { ClientHost } from '../../../docker/nodes/client-host.ts'
import { ForkedProcess } from './forked.ts'
import { ownClient } from './own/start-own.ts'
import type { Transport } from './transport.ts'

/**
 * A consumer is ready when partitions are assigned to it. After its coordinator was killed it waits for connection timeouts,
 * for the failover of the coordinator and for the session of the previous member, one after the other.
 */
const readyLimitMs = 90_000
const pauseLimitMs = 30_000
const endLimitMs = 15_000
/** A process reports every 25 ms, and much more seldom while a busy machine leaves it no time. After this long it hangs. */
const silenceLimitMs = 60_000

/** What the trial gives its client processes. */
export interface ProcessEnvironment {
  janitor: Janitor
  host: ClientHost
  /** The run's folder, absolute. */
  folder: string
  signal: AbortSignal
}

/** Makes a process for lanes whose client libraries all run in the same environment. It runs once `start` is called. */
export function clientProcess(
  config: ProcessConfig,
  { janitor, host, folder, signal }: ProcessEnvironment,
): ClientProcess {
  return new ClientProcess(config, transportOf(config, { janitor, host, folder }), signal)
}

function transportOf(config: ProcessConfig, environment: Omit<ProcessEnvironment, 'signal'>): Transport {
  const { janitor, host, folder } = environment
  const place = config.role === 'reader' ? 'node' : runsIn(config.lanes[0]?.client ?? '')
  if (config.role === 'consumer' && config.lanes[0]?.client === applicationClient)
    return applicationProcess(config.lanes[0], config.process, environment)
  if (place === 'command') return ownClient(config, environment)
  return place === 'container' ? new ContainedProcess(config, host, folder) : new ForkedProcess(config, janitor)
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
  #reportedAt: number | undefined
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

  /** The lane's counters from the last report, which is at most 25 ms old while the process runs. */
  lane(id: string): LaneStatus | undefined {
    return this.#lanes[id]
  }

  get lanes(): Record<string, LaneStatus> {
    return this.#lanes
  }

  /** `exit code 0` or `signal SIGKILL`, as the operating system or the engine reports it; undefined while it runs. */
  get ended(): string | undefined {
    return this.#transport.ended
  }

  /** Whether the process has reported that all its records are written. */
  get finished(): boolean {
    return this.#done
  }

  /** Stopped by SIGSTOP or by the engine's freezer, as the kernel or the engine reports it. */
  get frozen(): boolean {
    return this.ended === undefined && this.#transport.frozen
  }

  /**
   * How the process failed, with the last line of its standard error; undefined while it works, or after it has
   * finished.
   */
  get died(): string | undefined {
    if (this.#done && this.#fatal === undefined) return undefined
    const silentMs = this.#reportedAt === undefined || this.#asleep ? 0 : performance.now() - this.#reportedAt
    if (this.ended === undefined && silentMs > silenceLimitMs)
      return `it has not reported for ${Math.round(silentMs / 1000)} s`
    const how = this.#fatal ?? this.ended
    const { said } = this
    // A client of the user's has its last lines in the message already.
    return how === undefined || !said || how.includes(said) ? how : `${how}: ${said}`
  }

  /** The last line of its standard error. */
  get said(): string | undefined {
    return this.#transport.errors.trim().split('\n').at(-1)
  }

  /** Partitions that a reader could not read to the end, in words. */
  get failures(): readonly string[] {
    return this.#failures
  }

  async start(): Promise<void> {
    await this.#transport.open(report => this.#receive(report))
    this.#transport.send({ type: 'start', config: this.config })
    await this.#until(`${this.name} connected`, readyLimitMs, () => this.#ready)
  }

  /** Resolves when no further send begins. Sends under way go on. */
  async pause(): Promise<void> {
    this.#pausesAsked += 1
    const asked = this.#pausesAsked
    this.#transport.send({ type: 'pause' })
    await this.#until(`${this.name} paused`, pauseLimitMs, () => this.#pausesDone >= asked)
  }

  resume(): void {
    this.#transport.send({ type: 'resume' })
  }

  /** Asks the process to finish, and waits until it has written everything. */
  async stop(limitMs: number): Promise<void> {
    this.#transport.send({ type: 'stop' })
    await this.done(limitMs)
  }

  async done(limitMs: number): Promise<void> {
    await this.#until(`${this.name} done`, limitMs, () => this.#done)
  }

  /** Sends SIGKILL in whatever state the process is; resolves when nothing of it is left. */
  async kill(): Promise<void> {
    await this.end('SIGKILL')
    await this.#transport.remove()
  }

  /** Sends the signal; resolves when the operating system or the engine reports that the process has ended. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (!this.#transport.opened || this.ended !== undefined) return
    await this.#transport.signal(signal)
    await waitFor(
      { what: `${this.name} ended`, limitMs: endLimitMs, intervalMs: 5, signal: new AbortController().signal },
      () => ({
        ...(this.ended === undefined ? {} : { value: true }),
        seen: 'it still runs',
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
    this.#reportedAt = performance.now()
    this.#asleep = false
  }

  async #until(what: string, limitMs: number, reached: () => boolean): Promise<void> {
    await waitFor({ what, limitMs, intervalMs: 5, signal: this.#signal }, () => {
      if (reached()) return { value: true, seen: 'reached' }
      return { seen: JSON.stringify(this.#lanes), ...this.#failIfDead() }
    })
  }

  /** What is waited for will not come from a process that has ended. */
  #failIfDead(): Record<string, never> {
    if (this.#fatal === undefined && this.ended === undefined) return {}
    throw new ClientDied(`client process ${this.name} ended: ${this.died ?? this.ended ?? ''}`)
  }

  #receive(report: Report): void {
    if (report.type === 'ready') this.#ready = true
    if (report.type === 'fatal') this.#fatal = report.error
    if (report.type === 'status') {
      this.#pausesDone = report.pauses
      this.#reportedAt = performance.now()
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
