/** Splits what a program prints into lines, with limits on everything that it could fill the memory with. */
import { StringDecoder } from 'node:string_decoder'

const longestLine = 65_536
const linesKept = 6
const shownChars = 160
/** A client prints a few lines for each message. One that prints more than this in a second has gone wrong. */
const mostLinesPerSec = 200_000
const secondMs = 1000

export class BoundedLines {
  readonly #decoder = new StringDecoder('utf8')
  readonly #onLine: (line: string) => string | undefined
  #rest = ''
  #count = 0
  #secondBegan = 0
  #inSecond = 0
  readonly #last: string[] = []

  /** `onLine` returns what is wrong with a line; no later line is then read. */
  constructor(onLine: (line: string) => string | undefined) {
    this.#onLine = onLine
  }

  /** Takes what was read at `now`, ms. Returns what is wrong. */
  push(chunk: Buffer, now: number): string | undefined {
    const text = this.#rest + this.#decoder.write(chunk)
    let from = 0
    for (let at = text.indexOf('\n', from); at >= 0; at = text.indexOf('\n', from)) {
      const wrong = this.#take(text.slice(from, at), now)
      if (wrong !== undefined) return wrong
      from = at + 1
    }
    this.#rest = text.slice(from)
    if (this.#rest.length <= longestLine) return undefined
    this.#keep(this.#rest)
    return `line ${this.#count + 1} of its output is longer than ${longestLine / 1024} KB`
  }

  /** The output has ended. A last line without a line end counts when it is complete JSON; a torn one is left out. */
  end(now: number): string | undefined {
    const rest = this.#rest
    this.#rest = ''
    return isJson(rest) ? this.#take(rest, now) : undefined
  }

  /** The last lines, shortened. */
  get last(): readonly string[] {
    return this.#last
  }

  #take(line: string, now: number): string | undefined {
    this.#count += 1
    if (line.length > longestLine) return `line ${this.#count} of its output is longer than ${longestLine / 1024} KB`
    if (now - this.#secondBegan >= secondMs) {
      this.#secondBegan = now
      this.#inSecond = 0
    }
    this.#inSecond += 1
    this.#keep(line)
    if (this.#inSecond > mostLinesPerSec) return `it printed more than ${mostLinesPerSec} lines in one second`
    const wrong = line.trim() === '' ? undefined : this.#onLine(line)
    return wrong === undefined ? undefined : `line ${this.#count} of its output: ${wrong}`
  }

  #keep(line: string): void {
    this.#last.push(line.slice(0, shownChars))
    if (this.#last.length > linesKept) this.#last.shift()
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
