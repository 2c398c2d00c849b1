/**
 * A client that is a program of the user's. It prints what it does, and this class writes that to the lane file before
 * anything else happens, keeps the counters, and passes the harness's commands on. Signals reach the program itself; what it
 * had printed before it was killed is still read.
 */
import { clockFrom, LaneFile } from '../../../../history/appender.ts'
import type { LaneHeader, LaneRecord } from '../../../../history/records.ts'
import { Counters } from '../../../../workloads/clients/command/output/counters.ts'
import { BoundedLines } from '../../../../workloads/clients/command/output/lines.ts'
import type { Translator } from '../../../../workloads/clients/command/output/translator.ts'
import type { Command, Report } from '../../../../workloads/messages.ts'
import type { ClientSignal, Transport } from '../transport.ts'
import type { Control } from './control.ts'
import type { Program } from './program.ts'

const reportMs = 25
const errorLinesShown = 3
const limits = { pauseMs: 15_000, silenceMs: 20_000 }

export interface OwnClientOptions {
  header: LaneHeader
  /** Path of the lane file. */
  file: string
  t0: string
  program: Program
  control: Control
  translator: Translator
  /** Number after the last message of a producer; null: no limit. */
  messages: number | null
}

export class OwnClient implements Transport {
  readonly #options: OwnClientOptions
  readonly #limits: typeof limits
  readonly #lines: BoundedLines
  readonly #counters: Counters
  readonly #now: () => number
  #file: LaneFile | undefined
  #onReport: (report: Report) => void = () => {}
  #timer: NodeJS.Timeout | undefined
  /** Records of the output that is being read. */
  #records: LaneRecord[] = []
  #opened = false
  #running = false
  #ended: string | undefined
  #fatal: string | undefined
  #isComplete = false
  #asleep = false
  /** The harness has asked it to stop, or has sent a signal that ends it. */
  #endAsked = false
  #paused = true
  #pausesAsked = 0
  #pausesDone = 0
  #pauseAskedAt = 0
  #heardAt = 0

  constructor(options: OwnClientOptions, limit = limits) {
    this.#options = options
    this.#limits = limit
    this.#counters = new Counters({ sendsRecorded: options.header.sends === undefined })
    this.#now = clockFrom(options.t0)
    this.#lines = new BoundedLines(line => this.#take(line))
  }

  async open(onReport: (report: Report) => void): Promise<void> {
    const { file, header, control } = this.#options
    this.#onReport = onReport
    this.#file = new LaneFile(file, header)
    this.#opened = true
    if (control.startsWithLoad) onReport({ type: 'ready' })
    else await this.#start()
    this.#timer = setInterval(() => this.#tick(), reportMs)
    this.#timer.unref()
  }

  get opened(): boolean {
    return this.#opened
  }

  get ended(): string | undefined {
    return this.#ended
  }

  get frozen(): boolean {
    return this.#asleep && this.#options.program.stopped
  }

  get errors(): string {
    return this.#options.program.errors
  }

  send(command: Command): void {
    if (this.#ended !== undefined || this.#fatal !== undefined) return
    if (command.type === 'pause') this.#pause()
    if (command.type === 'resume') this.#resume()
    if (command.type === 'stop') this.#stop()
  }

  async signal(signal: ClientSignal): Promise<void> {
    const { program, control, header } = this.#options
    if (signal === 'SIGSTOP') this.#asleep = true
    if (signal === 'SIGCONT') {
      this.#asleep = false
      this.#heardAt = this.#now()
      this.#pauseAskedAt = this.#now()
      return control.wake(this.#paused && header.role === 'producer')
    }
    if (signal === 'SIGKILL' || signal === 'SIGTERM') {
      this.#endAsked = true
      // A stopped process acts on SIGTERM only when it goes on.
      if (signal === 'SIGTERM') await program.signal('SIGCONT')
    }
    if (!this.#running && this.#ended === undefined && this.#endAsked) {
      this.#isComplete = signal === 'SIGTERM'
      return this.#finish(`signal ${signal}`)
    }
    await program.signal(signal)
  }

  async remove(): Promise<void> {
    clearInterval(this.#timer)
    await this.#options.program.remove()
  }

  async #start(): Promise<void> {
    this.#running = true
    this.#heardAt = this.#now()
    const listener = {
      stdout: (chunk: Buffer) => this.#read(() => this.#lines.push(chunk, this.#now())),
      ended: (how: string) => {
        this.#read(() => this.#lines.end(this.#now()))
        this.#finish(how)
      },
    }
    try {
      await this.#options.program.start(listener)
    } catch (error) {
      this.#running = false
      throw error
    }
  }

  /** Writes what `read` finds with one write(2), before anybody hears of it. */
  #read(read: () => string | undefined): void {
    if (this.#fatal !== undefined) return
    const wrong = read()
    this.#heardAt = this.#now()
    if (this.#records.length > 0) {
      this.#file?.append(...this.#records)
      for (const record of this.#records) this.#counters.take(record)
      this.#records = []
    }
    if (wrong !== undefined) this.#fail(wrong)
  }

  #take(line: string): string | undefined {
    const { records, says, wrong } = this.#options.translator.take(line, this.#now())
    if (wrong !== undefined) return wrong
    this.#records.push(...records)
    if (says === 'ready') this.#onReport({ type: 'ready' })
    if (says === 'complete') this.#isComplete = true
    if (says !== 'paused') return undefined
    if (this.#pausesDone >= this.#pausesAsked) return 'a "paused" that nobody asked for'
    this.#pausesDone += 1
    return undefined
  }

  #pause(): void {
    this.#pausesAsked += 1
    this.#paused = true
    this.#pauseAskedAt = this.#now()
    void this.#stopSending()
  }

  async #stopSending(): Promise<void> {
    if (await this.#options.control.pause(this.#running)) this.#pausesDone = this.#pausesAsked
  }

  #resume(): void {
    this.#paused = false
    this.#heardAt = this.#now()
    if (this.#running) return void this.#options.control.resume()
    this.#start().catch((error: unknown) => this.#fail(String(error)))
  }

  #stop(): void {
    this.#endAsked = true
    if (this.#running) return void this.#options.control.stop()
    this.#isComplete = true
    this.#finish('exit code 0')
  }

  /** Reports the counters, and notices a program that hangs. */
  #tick(): void {
    if (this.#ended !== undefined) return
    this.#report()
    if (this.#asleep || this.#fatal !== undefined) return
    const now = this.#now()
    if (this.#pausesDone < this.#pausesAsked && now - this.#pauseAskedAt > this.#limits.pauseMs)
      this.#fail(`it did not print "paused" within ${this.#limits.pauseMs / 1000} s after "pause"`)
    else if (this.#isDue() && now - this.#heardAt > this.#limits.silenceMs)
      this.#fail(
        `it printed nothing for ${this.#limits.silenceMs / 1000} s, with nothing unanswered and messages to send`,
      )
  }

  /** Whether a producer has to print something soon. */
  #isDue(): boolean {
    const { header, control, messages } = this.#options
    if (header.role !== 'producer' || control.startsWithLoad || this.#paused || this.#endAsked) return false
    return this.#counters.inFlight === 0 && (messages === null || this.#counters.status().sent < messages)
  }

  #report(): void {
    this.#onReport({ type: 'status', paused: this.#paused, pauses: this.#pausesDone, lanes: this.#lanes() })
  }

  #lanes() {
    return { [this.#options.header.lane]: this.#counters.status() }
  }

  #fail(reason: string): void {
    if (this.#fatal !== undefined) return
    this.#fatal = `${reason}${this.#lastLines()}`
    this.#onReport({ type: 'fatal', error: this.#fatal })
    void this.#options.program.signal('SIGKILL')
  }

  #finish(how: string): void {
    if (this.#ended !== undefined) return
    clearInterval(this.#timer)
    // Java ends with code 143 after an orderly end by SIGTERM; its last line tells that the end was orderly.
    const isOrderly = how === 'exit code 0' || this.#isComplete
    if (this.#fatal === undefined) {
      this.#report()
      if (this.#endAsked && isOrderly) this.#onReport({ type: 'done', lanes: this.#lanes() })
      else if (!this.#endAsked && (how !== 'exit code 0' || this.#options.header.role === 'producer'))
        this.#fail(`it ended by itself: ${how}`)
    }
    this.#file?.close()
    this.#file = undefined
    this.#ended = this.#endAsked && isOrderly ? 'exit code 0' : how
  }

  /** The last lines of both streams, for messages. */
  #lastLines(): string {
    const errors = this.errors.trim().split('\n').filter(Boolean).slice(-errorLinesShown)
    const shown = (name: string, lines: readonly string[]) =>
      lines.length === 0 ? '' : `; last lines of its standard ${name}: ${lines.join(' | ')}`
    return shown('output', this.#lines.last) + shown('error', errors)
  }
}
