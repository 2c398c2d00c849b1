/**
 * What the matchers say about losses. They do not read the verdict of a cell: the judge is asked again, from the history,
 * with the matcher's own expectation. So `undecided` means the same as an inconclusive cell: something kept the question
 * from being answered, and both the assertion and its opposite fail.
 */
import { LossproofError } from '../../model/errors.ts'
import type { Expectation } from '../../model/plan.ts'
import type { CellVerdict } from '../../model/verdict.ts'
import type { CauseCode } from '../../systems/causes.ts'
import { cellJudge } from '../cli/judging/check-folder.ts'
import { vainExpectation } from '../plan/expectations/can-fail.ts'
import { parseExpectation } from '../plan/expectations/parse.ts'
import { systemFacts } from '../../systems/index.ts'
import { explanation } from '../report/terminal/terminal.ts'
import { auditTerminal } from '../report/audit/terminal.ts'
import { plural } from '../report/words/numbers.ts'
import { resultOf } from '../report/words/results.ts'
import type { Audit } from './audit.ts'
import type { Cell, Run } from './result.ts'

/** The answer to an assertion, and why: the text explains whichever answer it is. */
export interface Answer {
  answer: 'yes' | 'no' | 'undecided'
  text: string
}

/** Messages as a scenario's expectation names them. */
export type Messages =
  number | `${'acked-in' | 'sent-in' | 'acked-before' | 'unacked-in' | 'sent-after'}(${string})` | 'all'

/** What a cell is asserted to lose; without a key, anything. */
export interface Losses {
  /** So many messages, or exactly those of a window: `acked-in(cut)`. */
  exactly?: Messages
  /** So many messages or more. */
  atLeast?: number
  /** Every lost message has one of these causes. */
  cause?: CauseCode | readonly CauseCode[]
}

interface Judged {
  cell: Cell
  verdict: CellVerdict
}

/** Whether every cell, or every probe of an audit, kept all that it acknowledged, skipped nothing and has nothing unsent. */
export function losesNothing(received: unknown): Answer {
  if (isAudit(received)) return auditLosesNothing(received)
  const judged = cellsOf(received, 'toLoseNothing').map(cell => ({ cell, verdict: judgeAgain(cell, []) }))
  const losers = judged.filter(({ verdict }) => lossesOf(verdict) > 0)
  const open = judged.filter(one => one.verdict.verdict !== 'held' && !losers.includes(one))
  const cells = plural(judged.length, 'cell')
  if (losers.length > 0)
    return {
      answer: 'no',
      text: report(`expected nothing to be lost, and ${losers.length} of ${cells} lost messages`, [...losers, ...open]),
    }
  if (open.length > 0)
    return {
      answer: 'undecided',
      text: report(`whether messages were lost is not known for ${open.length} of ${cells}`, open),
    }
  return { answer: 'yes', text: report(`expected messages to be lost, and ${cells} kept everything`, judged) }
}

/** Whether a cell lost these messages, and nothing else. */
export function loses(received: unknown, losses: Losses = {}): Answer {
  const cells = cellsOf(received, 'toLose')
  const [cell, another] = cells
  if (cell === undefined || another !== undefined)
    throw new LossproofError('usage', `toLose judges one cell, and this run has ${cells.length}`, {
      hint: `expect(run.cell('acks=1')).toLose(…); the cells are ${cells.map(({ id }) => id).join(', ')}`,
    })
  const expect = expectationsOf(cell, losses)
  const verdict = judgeAgain(cell, expect)
  const expected = expect.map(({ what, text }) => `${what}: ${text}`).join(', ')
  if (verdict.verdict === 'held')
    return { answer: 'yes', text: report(`expected another loss than ${expected}`, [{ cell, verdict }]) }
  const isOpen = verdict.verdict === 'inconclusive'
  const head = isOpen ? `whether the loss was ${expected} is not known` : `expected ${expected}`
  return { answer: isOpen ? 'undecided' : 'no', text: report(head, [{ cell, verdict }]) }
}

/** The verdict of a cell from its history, with these expectations in place of the scenario's. */
function judgeAgain({ folder, id, trial }: Cell, expect: readonly Expectation[]): CellVerdict {
  return cellJudge(folder, { timelines: false, keepGoing: true, expect })({ id, trial }).verdict
}

const lossesOf = ({ counts: { lost, clientLost, unsent, skipped } }: CellVerdict): number =>
  lost + clientLost + unsent + skipped

function expectationsOf(cell: Cell, { exactly, atLeast, cause }: Losses): Expectation[] {
  if (exactly !== undefined && atLeast !== undefined)
    throw new LossproofError('usage', 'toLose takes exactly or atLeast, not both')
  const lost = parseExpectation('lost', exactly ?? `>= ${atLeast ?? 1}`)
  const { expected } = lost
  if (expected.kind === 'set' && expected.window !== undefined && !Object.hasOwn(cell.windows, expected.window))
    throw new LossproofError('usage', `toLose: ${cell.id} has no window "${expected.window}"`, {
      hint: `its windows are ${Object.keys(cell.windows).join(', ') || '(none)'}`,
    })
  const expectations = [lost, ...(cause === undefined ? [] : [parseExpectation('cause', cause)])]
  const anyCell = { consumes: true, awaits: true, poisons: true, slowsReplication: true, messages: undefined }
  const vain = vainExpectation(expectations, { system: systemFacts(cell.system), ...anyCell })
  if (vain) throw new LossproofError('usage', `toLose: ${vain.what} cannot fail: ${vain.reason}`)
  return expectations
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const isRun = (value: unknown): value is Run =>
  isRecord(value) && Array.isArray(value['cells']) && typeof value['folder'] === 'string'
const isCell = (value: unknown): value is Cell =>
  isRecord(value) && isRecord(value['counts']) && typeof value['id'] === 'string' && typeof value['folder'] === 'string'
const isAudit = (value: unknown): value is Audit =>
  isRecord(value) && Array.isArray(value['rows']) && typeof value['folder'] === 'string'

function cellsOf(received: unknown, matcher: string): readonly Cell[] {
  if (isRun(received)) {
    if (received.cells.length > 0) return received.cells
    throw new LossproofError('usage', `${matcher}: this run has no cell`)
  }
  if (isCell(received)) return [received]
  const forgotten = received instanceof Promise ? '; await it first' : ''
  throw new LossproofError('usage', `${matcher} judges what runScenario, check or run.cell return${forgotten}`)
}

function report(head: string, judged: readonly Judged[]): string {
  const folders = [...new Set(judged.map(({ cell }) => cell.folder))]
  return [
    head,
    ...judged.flatMap(({ cell, verdict }) => ['', `  ${cell.id}: ${resultOf(verdict).kept}`, ...explanation(verdict)]),
    '',
    ...folders.map(folder => `history and reports: ${folder}`),
  ].join('\n')
}

/** Probes whose losses the user accepts do not count. */
function auditLosesNothing(audit: Audit): Answer {
  const rows = audit.rows.filter(row => !row.allowed)
  const isLoser = ({ outcome }: Audit['rows'][number]) => outcome === 'lost' || outcome === 'skipped'
  const text = (head: string) =>
    `${head}\n\n${auditTerminal(audit, { colour: false, folder: audit.folder, width: 100 })}`
  const losers = rows.filter(isLoser).length
  const open = rows.filter(({ outcome }) => outcome === 'inconclusive').length
  const probes = plural(rows.length, 'probe')
  if (losers > 0)
    return { answer: 'no', text: text(`expected nothing to be lost, and ${losers} of ${probes} lost messages`) }
  if (open > 0 || rows.length === 0)
    return { answer: 'undecided', text: text(`whether messages were lost is not known for ${open} of ${probes}`) }
  return { answer: 'yes', text: text(`expected messages to be lost, and ${probes} kept everything`) }
}
