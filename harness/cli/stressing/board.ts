/** How far a stress is: three lines that change on a terminal, one line for each trial elsewhere. */
import type { Draw, StressResult, StressTrial } from '../../../model/stress/stress.ts'
import { scheduleWords, settingsWords } from '../../stress/finish/words.ts'
import { count, coverageStrip, coverageText, duration, outcomeWords } from '../../report/stress/words.ts'
import { plural } from '../../report/words/numbers.ts'

const frameMs = 500

export class StressBoard {
  readonly #live: boolean
  readonly #stream: NodeJS.WriteStream
  readonly #result: () => StressResult
  readonly #seconds: () => number
  readonly #running = new Map<number, Draw>()
  #doing = ''
  #fresh = 'nothing yet'
  #drawn = 0
  #timer: NodeJS.Timeout | undefined

  constructor(
    result: () => StressResult,
    seconds: () => number,
    stream: NodeJS.WriteStream = process.stderr,
    env: NodeJS.ProcessEnv = process.env,
  ) {
    this.#result = result
    this.#seconds = seconds
    this.#stream = stream
    this.#live = stream.isTTY && env['CI'] === undefined
    if (this.#live) this.#timer = setInterval(() => this.#draw(), frameMs).unref()
  }

  /** Prints a line that stays. */
  say(line: string): void {
    this.#clear()
    this.#stream.write(`${duration(this.#seconds())}: ${line}\n`)
  }

  began(draw: Draw): void {
    this.#running.set(draw.number, draw)
  }

  ended(trial: StressTrial): void {
    this.#running.delete(trial.draw.number)
    if (trial.fresh.length > 0) this.#fresh = trial.fresh.slice(0, 3).join(', ')
    if (!this.#live || trial.outcome === 'broken') this.say(trialLine(trial))
  }

  /** What goes on besides drawing. */
  now(text: string): void {
    this.#doing = text
    if (!this.#live && text !== '') this.say(text)
  }

  end(): void {
    clearInterval(this.#timer)
    this.#clear()
  }

  lines(): string[] {
    const result = this.#result()
    const { trials, plan } = result
    const seconds = this.#seconds()
    const perHour = seconds < 1 ? 0 : Math.round((trials.length / seconds) * 3600)
    const running = [...this.#running.values()].map(draw => `#${draw.number} ${scheduleWords(draw)}`).join(' | ')
    return [
      `${duration(seconds)} of ${duration(plan.forSeconds)}, ${plural(trials.length, 'trial')}, ${perHour} an hour, ` +
        `${count(trials, 'broken')} broken, ${count(trials, 'near-miss')} near misses, ${count(trials, 'inconclusive')} inconclusive`,
      `${coverageStrip(result)} ${coverageText(result)}; new: ${this.#fresh}`,
      this.#doing === '' ? running : this.#doing,
    ]
  }

  #draw(): void {
    this.#clear()
    const width = (this.#stream.columns || 80) - 1
    this.#stream.write(
      this.lines()
        .map(line => line.slice(0, width))
        .join('\n'),
    )
    this.#drawn = this.lines().length
  }

  #clear(): void {
    if (this.#drawn === 0) return
    this.#stream.write(`\r\u001B[2K${'\u001B[1A\u001B[2K'.repeat(this.#drawn - 1)}`)
    this.#drawn = 0
  }
}

/** `#7 broke a promise (truncated-after-election): cut-replication leader; crash leader; heal all`. */
export function trialLine({ draw, outcome, broken, reasons, fresh, seconds }: StressTrial): string {
  const causes = [
    ...new Set(
      broken.map(({ cause, lane, settings }) => (lane === 'own' ? cause : `${settingsWords(settings)}: ${cause}`)),
    ),
  ]
  const why = outcome === 'broken' || outcome === 'near-miss' ? causes.join(', ') : reasons.slice(0, 1).join()
  return (
    `#${draw.number} ${outcomeWords[outcome]}${why === '' ? '' : ` (${why})`}: ${scheduleWords(draw)}; ` +
    `${Math.round(seconds)} s${fresh.length === 0 ? '' : `, ${fresh.length} new`}`
  )
}
