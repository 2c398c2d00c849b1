/** Whether the expectations of a cell can fail: one that cannot would make a cell look tested that is not. */
import type { Application } from '../../../model/lane.ts'
import type { Expectation } from '../../../model/expectation.ts'
import { consumerWords, outcomes } from '../../../model/outcomes.ts'
import { sendStatuses } from '../../../model/workload.ts'
import type { SystemFacts } from '../../../systems/shared/facts.ts'

/** What an expectation can be about, in one cell. */
export interface ExpectingCell {
  system: SystemFacts
  /** Whether the cell has a consumer. */
  consumes: boolean
  /** The application that is its consumer; absent: it has none. */
  app?: Application
  /** Whether its producing application looks at the answers to its sends. */
  awaits: boolean
  /** Whether some messages are poison. */
  poisons: boolean
  /** Whether a step injects slow-replication. */
  slowsReplication: boolean
  /** How many messages the cell sends; undefined: no limit. */
  messages: number | undefined
}

/** The first expectation that cannot fail in this cell, with the reason; undefined when all can. */
export function vainExpectation(
  expectations: readonly Expectation[],
  cell: ExpectingCell,
): { what: string; reason: string } | undefined {
  for (const expectation of expectations) {
    const reason = vainReason(expectation, expectations, cell)
    if (reason !== undefined) return { what: expectation.what, reason }
  }
  return undefined
}

function vainReason(
  { what, expected, text }: Expectation,
  all: readonly Expectation[],
  { system, consumes, app, awaits, poisons, slowsReplication, messages }: ExpectingCell,
): string | undefined {
  if (expected.kind === 'causes') return vainCause(all)
  if (consumerWords.has(what) && !consumes)
    return 'the cell has no consumer; add lanes.defaults.consumer, {} for one with default settings'
  if (app !== undefined && ofHandlers.has(what)) return 'an application tells nothing of it'
  if (what === 'late' && app?.withinMs === undefined)
    return 'lanes.defaults.app.within says from when on what an application writes is late'
  if (what === 'unsent' && awaits)
    return 'the application looks at its answers, so what is not sent is givenUp; workload.awaits: false changes that'
  if (isForeignStatus(what, system)) return `the answers of ${system.label} brokers carry no send status`
  if (what === 'early' && !slowsReplication)
    return 'early acknowledgements are counted during slow-replication, which no step injects'
  if (expected.kind === 'set' && expected.set === 'poisoned' && !poisons)
    return 'no message is poisoned; set workload.poisonEvery'
  return alwaysTrue(expected, ofMessages.has(what) ? messages : undefined)
    ? `"${text}" is true whatever happens; give a bound that can fail, such as ">= 1"`
    : undefined
}

/** What only a consumer of the harness records. */
const ofHandlers: ReadonlySet<string> = new Set(['parked', 'parkedLost', 'failures', 'deadLettered'])

/** A send status that brokers of the system do not answer with. */
const isForeignStatus = (what: string, system: SystemFacts) =>
  sendStatuses.some(status => status === what) && !system.sendStatuses.some(status => status === what)

/**
 * Words that count messages, each at most once, so never more than there are. An upper bound of `stalled` is left out: it
 * says that consumers may stop.
 */
const ofMessages: ReadonlySet<string> = new Set([
  ...outcomes.map(([name]) => name),
  'acked',
  'rejected',
  'unknown',
  'recovered',
  'processed',
  'parked',
  'skipped',
])

/** `most`: the number of messages, where the word counts messages and their number is limited. */
function alwaysTrue(expected: Expectation['expected'], most: number | undefined): boolean {
  if (expected.kind === 'count' && expected.compare === '<=') return most !== undefined && expected.count >= most
  if (expected.kind === 'count') return expected.compare === '>=' && expected.count === 0
  return expected.kind === 'set' && expected.set === 'all' && expected.compare === '<='
}

/** A cause is judged for lost, skipped and unsent messages only. A cell that says nothing about them promises 0 of each. */
function vainCause(expectations: readonly Expectation[]): string | undefined {
  const none = ({ expected }: Expectation) =>
    expected.kind === 'count' && expected.compare !== '>=' && expected.count === 0
  const losses = expectations.filter(({ what }) => ['lost', 'skipped', 'clientLost', 'unsent'].includes(what))
  return losses.every(none) ? 'the cell expects nothing to be lost, skipped or unsent, so there is no cause' : undefined
}
