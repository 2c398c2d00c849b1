/** One client process: forked, told what to do over its IPC channel, watched until it is gone. */
import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Janitor } from '../../../docker/janitor.ts'
import type { Command, LaneStatus, ProcessConfig, Report } from '../../../workloads/messages.ts'
import { LossproofError } from '../../errors.ts'
import { waitFor } from '../wait.ts'

const readyLimitMs = 30_000
const pauseLimitMs = 5000
const endLimitMs = 15_000
/** A live process reports every 25 ms; one that is silent for so long hangs. */
const silenceLimitMs = 10_000
const stderrKept = 4000

const entries = {
  producer: fileURLToPath(new URL('../../../workloads/producer.ts', import.meta.url)),
  consumer: fileURLToPath(new URL('../../../workloads/consumer.ts', import.meta.url)),
  reader: fileURLToPath(new URL('../../../workloads/reader.ts', import.meta.url)),
}

export class ClientProcess {
  readonly config: ProcessConfig
  readonly #child: ChildProcess
  readonly #signal: AbortSignal
  #ready = false
  #done = false
  #pausesAsked = 0
  #pausesDone = 0
  #failures: string[] = []
  #heardAt: number | undefined
  #asleep = false
  #fatal: string | undefined
  #ended: string | undefined
  #lanes: Record<string, LaneStatus> = {}
  #stderr = ''

  constructor(config: ProcessConfig, janitor: Janitor, signal: AbortSignal) {
    this.config = config
    this.#signal = signal
    // The argument only names the process to whoever lists processes.
    this.#child = fork(entries[config.role], [config.lanes[0]?.file ?? ''], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: ['--disable-warning=ExperimentalWarning', '--disable-warning=TimeoutNegativeWarning'],
      // Ctrl-C reaches the whole process group: the harness decides when clients end.
      detached: true,
    })
    if (this.#child.pid !== undefined) janitor.watch(this.#child.pid)
    this.#child.on('message', message => this.#hear(message as Report))
    this.#child.stderr?.on('data', (data: Buffer) => {
      this.#stderr = (this.#stderr + data.toString('utf8')).slice(-stderrKept)
    })
    this.#child.on('error', error => {
      this.#ended = error.message
    })
    this.#child.on('exit', (code, by) => {
      this.#ended = by === null ? `exit code ${String(code)}` : `signal ${by}`
    })
  }

  get name(): string {
    return this.config.process
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** Counters as of the last status, at most 25 ms old. */
  lane(id: string): LaneStatus | undefined {
    return this.#lanes[id]
  }

  get lanes(): Record<string, LaneStatus> {
    return this.#lanes
  }

  /** How it ended, by the operating system's word: `exit code 0`, `signal SIGKILL`; undefined while it runs. */
  get ended(): string | undefined {
    return this.#ended
  }

  /** Whether it said that it had written everything. */
  get finished(): boolean {
    return this.#done
  }

  /** Stopped by SIGSTOP, by the kernel's word where it tells. */
  get frozen(): boolean {
    return this.#ended === undefined && this.pid !== undefined && stateOf(this.pid) === 'T'
  }

  /** How the process ended although nobody ended it, with what it wrote last. */
  get died(): string | undefined {
    if (this.#done && this.#fatal === undefined) return undefined
    const silentMs = this.#heardAt === undefined || this.#asleep ? 0 : performance.now() - this.#heardAt
    if (this.#ended === undefined && silentMs > silenceLimitMs) return `it has said nothing for ${Math.round(silentMs / 1000)} s`
    const how = this.#fatal ?? this.#ended
    return how === undefined ? undefined : [how, this.#stderr.trim().split('\n').at(-1)].filter(Boolean).join(': ')
  }

  /** What a reader could not read to its end. */
  get failures(): readonly string[] {
    return this.#failures
  }

  async start(): Promise<void> {
    this.#send({ type: 'start', config: this.config })
    await this.#until(`${this.name} connected`, readyLimitMs, () => this.#ready)
  }

  /** Resolves when no new send will leave; sends under way go on. */
  async pause(): Promise<void> {
    this.#pausesAsked += 1
    const asked = this.#pausesAsked
    this.#send({ type: 'pause' })
    await this.#until(`${this.name} paused`, pauseLimitMs, () => this.#pausesDone >= asked)
  }

  resume(): void {
    this.#send({ type: 'resume' })
  }

  /** Asks the process to end what it does and waits until it has written everything. */
  async stop(limitMs: number): Promise<void> {
    if (this.#ended === undefined) this.#send({ type: 'stop' })
    await this.done(limitMs)
  }

  async done(limitMs: number): Promise<void> {
    await this.#until(`${this.name} done`, limitMs, () => this.#done)
  }

  /** SIGKILL, whatever its state. */
  async kill(): Promise<void> {
    await this.end('SIGKILL')
  }

  /** Sends the signal; resolves when the operating system says that the process is gone. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (this.#child.pid === undefined || this.#ended !== undefined) return
    this.#child.kill(signal)
    await waitFor({ what: `${this.name} gone`, limitMs: endLimitMs, intervalMs: 5, signal: new AbortController().signal }, () => ({
      ...(this.#ended === undefined ? {} : { value: true }),
      seen: 'still there',
    }))
  }

  freeze(): void {
    this.#asleep = true
    this.#child.kill('SIGSTOP')
  }

  /** No error when it is not frozen. */
  wake(): void {
    this.#child.kill('SIGCONT')
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
    if (this.#fatal === undefined && this.#ended === undefined) return {}
    throw new ClientDied(`client process ${this.name} ended: ${this.died ?? this.#ended ?? ''}`)
  }

  #send(command: Command): void {
    if (this.#child.connected) this.#child.send(command, () => {})
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

/** Field 3 of /proc/<pid>/stat: T is stopped. */
function stateOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2)[0]
  } catch {
    return undefined
  }
}

export class ClientDied extends LossproofError {
  constructor(message: string) {
    super('client', message)
  }
}
