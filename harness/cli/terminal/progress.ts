/** Progress on standard error: one live line on a terminal, plain lines elsewhere (CI logs). Results go to standard output. */
const frameMs = 100

export class Progress {
  readonly #live: boolean
  readonly #started = performance.now()
  readonly #current = new Map<string, string>()
  #timer: NodeJS.Timeout | undefined
  #shown = false

  constructor(stream: NodeJS.WriteStream = process.stderr, env: NodeJS.ProcessEnv = process.env) {
    this.#live = stream.isTTY && env['CI'] === undefined
    if (this.#live) this.#timer = setInterval(() => this.#draw(), frameMs).unref()
  }

  /** A line worth keeping. */
  say(line: string): void {
    this.#clear()
    process.stderr.write(`${this.#stamp()} ${line}\n`)
  }

  /** What `part` is doing now: replaces what it did before. `kept` lines are also printed where nothing is live. */
  now(part: string, text: string, kept: boolean): void {
    this.#current.set(part, text)
    if (!this.#live && kept) this.say(`${part}: ${text}`)
  }

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
    const text = [...this.#current].map(([part, doing]) => `${part}: ${doing}`).join(' | ')
    const line = `${this.#stamp()} ${text}`.slice(0, (process.stderr.columns || 80) - 1)
    process.stderr.write(`\r\u001B[2K${line}`)
    this.#shown = true
  }

  #clear(): void {
    if (this.#shown) process.stderr.write('\r\u001B[2K')
    this.#shown = false
  }
}
