/** A client process that is a fork of Node.js. Commands and reports go over its IPC channel. */
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { moduleUrl } from '../../../model/module-url.ts'
import type { Janitor } from '../../../docker/cleanup/janitor.ts'
import type { Command, ProcessConfig, Report } from '../../../workloads/messages.ts'
import { stateOf } from './process-state.ts'
import type { ClientSignal, Transport } from './transport.ts'

const stderrKeptChars = 4000

const entries = {
  producer: fileURLToPath(moduleUrl('../../../workloads/producer', import.meta.url)),
  consumer: fileURLToPath(moduleUrl('../../../workloads/consumer', import.meta.url)),
  reader: fileURLToPath(moduleUrl('../../../workloads/reader', import.meta.url)),
}

export class ForkedProcess implements Transport {
  readonly #config: ProcessConfig
  readonly #janitor: Janitor
  readonly #entry: string
  #child: ChildProcess | undefined
  #stderr = ''
  #ended: string | undefined

  /** `entry`: path of the program to run, where it is not that of the role; used by measurements. */
  constructor(config: ProcessConfig, janitor: Janitor, entry: string = entries[config.role]) {
    this.#config = config
    this.#janitor = janitor
    this.#entry = entry
  }

  async open(onReport: (report: Report) => void): Promise<void> {
    // The argument makes the process recognizable in a list of processes.
    const child = fork(this.#entry, [this.#config.lanes[0]?.file ?? ''], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: ['--disable-warning=ExperimentalWarning', '--disable-warning=TimeoutNegativeWarning'],
      // In a process group of its own it does not get the Ctrl-C of the terminal: the harness decides when it ends.
      detached: true,
    })
    this.#child = child
    if (child.pid !== undefined) this.#janitor.watch(child.pid)
    child.on('message', message => onReport(message as Report))
    child.stderr?.on('data', (data: Buffer) => {
      this.#stderr = (this.#stderr + data.toString('utf8')).slice(-stderrKeptChars)
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
