/** A client process as a fork of Node, spoken to over its IPC channel. */
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Janitor } from '../../../docker/cleanup/janitor.ts'
import type { Command, ProcessConfig, Report } from '../../../workloads/messages.ts'
import type { ClientSignal, Transport } from './transport.ts'

const stderrKept = 4000

const entries = {
  producer: fileURLToPath(new URL('../../../workloads/producer.ts', import.meta.url)),
  consumer: fileURLToPath(new URL('../../../workloads/consumer.ts', import.meta.url)),
  reader: fileURLToPath(new URL('../../../workloads/reader.ts', import.meta.url)),
}

export class ForkedProcess implements Transport {
  readonly #config: ProcessConfig
  readonly #janitor: Janitor
  readonly #entry: string
  #child: ChildProcess | undefined
  #stderr = ''
  #ended: string | undefined

  /** `entry`: another program than the role's own, for measurements. */
  constructor(config: ProcessConfig, janitor: Janitor, entry: string = entries[config.role]) {
    this.#config = config
    this.#janitor = janitor
    this.#entry = entry
  }

  async open(hear: (report: Report) => void): Promise<void> {
    // The argument only names the process to whoever lists processes.
    const child = fork(this.#entry, [this.#config.lanes[0]?.file ?? ''], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: ['--disable-warning=ExperimentalWarning', '--disable-warning=TimeoutNegativeWarning'],
      // Ctrl-C reaches the whole process group: the harness decides when clients end.
      detached: true,
    })
    this.#child = child
    if (child.pid !== undefined) this.#janitor.watch(child.pid)
    child.on('message', message => hear(message as Report))
    child.stderr?.on('data', (data: Buffer) => {
      this.#stderr = (this.#stderr + data.toString('utf8')).slice(-stderrKept)
    })
    child.on('error', error => {
      this.#ended = error.message
    })
    child.on('exit', (code, by) => {
      this.#ended = by === null ? `exit code ${String(code)}` : `signal ${by}`
    })
  }

  get opened(): boolean {
    return this.#child?.pid !== undefined
  }

  get ended(): string | undefined {
    return this.#ended
  }

  get frozen(): boolean {
    return this.#child?.pid !== undefined && stateOf(this.#child.pid) === 'T'
  }

  get errors(): string {
    return this.#stderr
  }

  send(command: Command): void {
    if (this.#child?.connected) this.#child.send(command, () => {})
  }

  async signal(signal: ClientSignal): Promise<void> {
    this.#child?.kill(signal)
  }

  async remove(): Promise<void> {}
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
