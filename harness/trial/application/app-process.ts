/**
 * The process of an application in the middle. It is any program: it prints what it likes, reads no commands, and ends by
 * SIGTERM. Only its last lines are kept, for messages. What it does shows in its group and in the topic that it writes.
 */
import type { Command, Report } from '../../../workloads/messages.ts'
import type { Program } from '../clients/own/program.ts'
import type { ClientSignal, Transport } from '../clients/transport.ts'

const linesShown = 8
/** The places of a stack trace, as most languages print them. */
const stackLine = /^\s+at /
const outputKeptChars = 4000

export class AppProcess implements Transport {
  readonly #program: Program
  #onReport: (report: Report) => void = () => {}
  #opened = false
  #ended: string | undefined
  #endAsked = false
  #output = ''

  constructor(program: Program) {
    this.#program = program
  }

  async open(onReport: (report: Report) => void): Promise<void> {
    this.#onReport = onReport
    await this.#program.start({
      stdout: chunk => {
        this.#output = (this.#output + chunk.toString('utf8')).slice(-outputKeptChars)
      },
      ended: how => this.#end(how),
    })
    this.#opened = true
    onReport({ type: 'ready' })
  }

  get opened(): boolean {
    return this.#opened
  }

  get ended(): string | undefined {
    return this.#ended
  }

  get frozen(): boolean {
    return this.#program.stopped
  }

  /** What it wrote last, to either stream. */
  get errors(): string {
    return this.#program.errors === '' ? this.#output : this.#program.errors
  }

  send(command: Command): void {
    if (command.type === 'stop') void this.signal('SIGTERM')
  }

  async signal(signal: ClientSignal): Promise<void> {
    if (signal === 'SIGKILL' || signal === 'SIGTERM') this.#endAsked = true
    // A stopped process acts on SIGTERM only when it goes on.
    if (signal === 'SIGTERM') await this.#program.signal('SIGCONT')
    await this.#program.signal(signal)
  }

  async remove(): Promise<void> {
    await this.#program.remove()
  }

  #end(how: string): void {
    if (this.#ended !== undefined) return
    this.#ended = this.#endAsked ? how : `${how}, by itself`
    this.#onReport(
      this.#endAsked
        ? { type: 'done', lanes: {} }
        : { type: 'fatal', error: `it ended by itself: ${how}${this.#lastLines()}` },
    )
  }

  #lastLines(): string {
    const shown = (name: string, text: string) => {
      const lines = text
        .trim()
        .split('\n')
        .filter(line => line.trim() !== '' && !stackLine.test(line))
        .slice(-linesShown)
      return lines.length === 0 ? '' : `; last lines of its standard ${name}: ${lines.join(' | ')}`
    }
    return shown('output', this.#output) + shown('error', this.#program.errors)
  }
}
