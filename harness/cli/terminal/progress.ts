/** Progress on standard error: one live line on a terminal, plain lines elsewhere, such as in CI logs. */

/** Where the parts of a run report how far they are. */
export type ProgressLines = Pick<Progress, 'say' | 'now' | 'done'> & Partial<Pick<Progress, 'head'>>

const frameMs = 100

export class Progress {
  readonly #live: boolean
  readonly #started = performance.now()
  readonly #current = new Map<string, string>()
  #timer: NodeJS.Timeout | undefined
  #shown = false
  #head: () => string = () => ''

  constructor(stream: NodeJS.WriteStream = process.stderr, env: NodeJS.ProcessEnv = process.env) {
    this.#live = stream.isTTY && env['CI'] === undefined
    if (this.#live) this.#timer = setInterval(() => this.#draw(), frameMs).unref()
  }

  /** Prints a line that stays. */
  say(line: string): void {
    this.#clear()
    process.stderr.write(`${this.#stamp()} ${line}\n`)
  }

  /** Shows what `part` is doing, in place of what it did before. Without a terminal only `kept` texts are printed. */
  now(part: string, text: string, kept: boolean): void {
    this.#current.set(part, text)
    if (!this.#live && kept) this.say(`${part}: ${text}`)
  }

  /** What the live line begins with, before what each part is doing. */
  head(text: () => string): void {
    this.#head = text
  }

  /** `part` has ended and is no longer shown. */
  done(part: string): void {
    this.#current.delete(part)
  }

  end(): void {
    clearInterval(this.#timer)
    this.#clear()
  }

  #stamp(): string {
    return `${((performance.now() - this.#started) / 1000).toFixed(1).padStart(6)} s`
  }

  #draw(): void {
    const parts = [...this.#current].map(([part, doing]) => `${part}: ${doing}`)
    const text = [this.#head(), ...parts].filter(one => one !== '').join(' | ')
    const line = `${this.#stamp()} ${text}`.slice(0, (process.stderr.columns || 80) - 1)
    process.stderr.write(`\r\u001B[2K${line}`)
    this.#shown = true
  }

  #clear(): void {
    if (this.#shown) process.stderr.write('\r\u001B[2K')
    this.#shown = false
  }
}
