/** Follows the log of a node that starts, until it has started, has ended, or the limit is reached. */
import type Dockerode from 'dockerode'
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import type { Readable } from 'node:stream'
import type { WaitStrategy } from 'testcontainers'
import { LossproofError } from '../../model/errors.ts'

/** Lines of the log in an error message; the complete log is in the error as well. */
const linesShown = 4

export type BootOutcome = { kind: 'started' } | { kind: 'ended'; exitCode: number } | { kind: 'late' }

export interface Boot {
  outcome: BootOutcome
  /** Everything that the node printed until then. */
  log: string
}

/** A node that did not start, with its log. Its container may be gone already. */
export class NodeBootError extends LossproofError {
  readonly node: string
  readonly log: string
  /** The node ended by itself, as opposed to one that was too slow. */
  readonly ended: boolean

  constructor(node: string, { outcome, log }: Boot, limitMs: number) {
    const what =
      outcome.kind === 'ended'
        ? `ended with exit code ${outcome.exitCode} while it was starting`
        : `did not start within ${limitMs / 1000} s`
    super('cluster', `${node} ${what}; ${endOf(log)}`)
    this.node = node
    this.log = log
    this.ended = outcome.kind === 'ended'
  }
}

/** `java.lang.NumberFormatException: Cannot parse null string`, with or without a time before it. */
const exceptionLine = /(?:^|\s)((?:[a-z]\w*\.)+[A-Z]\w*(?:Exception|Error)\b.*)/

/** The last exception and the last lines of a log, in one line, for messages. */
export function endOf(log: string): string {
  const lines = log.trim().split('\n')
  const end = lines.slice(-linesShown).map(line => line.trim())
  if (end.join('') === '') return 'it printed nothing'
  const exception = lines.map(line => exceptionLine.exec(line)?.[1]).findLast(found => found !== undefined)
  const isShown = exception === undefined || end.some(line => line.includes(exception))
  return `its log ${isShown ? '' : `has ${exception}, and `}ends: ${end.join(' | ')}`
}

/** `sinceMs`: when the node was started, ms since the epoch. Older log lines belong to an earlier start. */
export async function watchBoot(
  container: Pick<Dockerode.Container, 'logs' | 'inspect' | 'modem'>,
  startedLine: RegExp,
  sinceMs: number,
  limitMs: number,
): Promise<Boot> {
  const raw = (await container.logs({
    follow: true,
    stdout: true,
    stderr: true,
    since: sinceMs / 1000,
  })) as unknown as Readable
  const text = new PassThrough()
  container.modem.demuxStream(raw, text, text)
  raw.on('end', () => text.end()).on('error', () => text.end())
  const timer = setTimeout(() => text.end(), limitMs)
  const lines: string[] = []
  let isStarted = false
  try {
    for await (const line of createInterface({ input: text })) {
      lines.push(line)
      isStarted = startedLine.test(line)
      if (isStarted) break
    }
  } finally {
    clearTimeout(timer)
    raw.destroy()
  }
  const log = lines.map(line => `${line}\n`).join('')
  if (isStarted) return { outcome: { kind: 'started' }, log }
  const { State: state } = await container.inspect()
  return { outcome: state.Running ? { kind: 'late' } : { kind: 'ended', exitCode: state.ExitCode }, log }
}

/** For testcontainers, which removes the container of a node that does not start: its log is in the error. */
export class StartedLine implements WaitStrategy {
  readonly #node: string
  readonly #line: RegExp
  #limitMs: number

  constructor(node: string, line: RegExp, limitMs: number) {
    this.#node = node
    this.#line = line
    this.#limitMs = limitMs
  }

  async waitUntilReady(container: Dockerode.Container): Promise<void> {
    const boot = await watchBoot(container, this.#line, 0, this.#limitMs)
    if (boot.outcome.kind !== 'started') throw new NodeBootError(this.#node, boot, this.#limitMs)
  }

  withStartupTimeout(limitMs: number): this {
    this.#limitMs = limitMs
    return this
  }

  isStartupTimeoutSet(): boolean {
    return true
  }

  getStartupTimeout(): number {
    return this.#limitMs
  }
}
