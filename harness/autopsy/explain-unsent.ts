/**
 * Why messages that an application handed to its client, without looking at the answers, are not stored: the client's
 * process ended, or the client met an error.
 */
import type { TrialEvent } from '../../history/events.ts'
import { notEstablished } from '../../model/causes.ts'
import type { Cause } from '../../model/causes.ts'
import { outcomeCode } from '../../model/outcomes.ts'
import type { ExplainedRange } from '../../model/verdict.ts'
import { provedFaults } from '../../systems/shared/autopsy/input.ts'
import { count, it, seconds, was } from '../../systems/shared/autopsy/wording.ts'
import type { LaneResult } from '../check/lane-result.ts'
import { flag } from '../check/table/table.ts'

interface Group {
  p: number
  numbers: number[]
  /** The process that was given the messages. */
  process: string | undefined
  answered: boolean
}

const unsent = outcomeCode('unsent')

/** Ranges of messages with one producer and one fate, by partition and number. */
export function explainUnsent(lane: LaneResult, events: readonly TrialEvent[]): ExplainedRange[] {
  return groupsOf(lane).map(group => ({
    p: group.p,
    from: group.numbers[0] ?? 0,
    to: group.numbers.at(-1) ?? 0,
    count: group.numbers.length,
    cause: causeOf(group, lane, events),
  }))
}

function groupsOf({ table, producers }: LaneResult): Group[] {
  const groups: Group[] = []
  const messages: (Omit<Group, 'numbers'> & { s: number })[] = []
  for (let row = 0, { rows } = table; row < rows; row++) {
    if (!table.has(row, flag.sent) || table.outcome(row) !== unsent) continue
    messages.push({
      s: table.numberOf(row),
      p: table.partition(row),
      process: producers[table.producer(row) ?? -1],
      answered: table.has(row, flag.rejected | flag.unknown),
    })
  }
  for (const { s, p, process, answered } of messages.toSorted((a, b) => a.p - b.p || a.s - b.s)) {
    const last = groups.at(-1)
    if (last?.p === p && last.process === process && last.answered === answered) last.numbers.push(s)
    else groups.push({ p, process, answered, numbers: [s] })
  }
  return groups
}

function causeOf({ numbers, process, answered }: Group, { table }: LaneResult, events: readonly TrialEvent[]): Cause {
  const group = { count: numbers.length }
  const given = `${count(group)} ${was(group)} handed to the client of ${process ?? 'an unknown process'}`
  if (answered)
    return {
      code: 'error-unseen',
      text:
        `${given}, which met an error. The application looks at no answer, so it does not know. Looking at the answers ` +
        `of its sends would have let it send ${it(group)} again.`,
    }
  const lastSentAt = numbers.reduce((latest, s) => Math.max(latest, table.sentAt.get(table.find(s))), 0)
  const end = provedFaults(events, ['crash-client', 'stop-client']).find(
    ({ fault, injected }) => process !== undefined && fault.nodes.includes(process) && injected >= lastSentAt,
  )
  if (end === undefined)
    return {
      code: notEstablished,
      text: `${given} and never answered: cause not established; its process is not known to have ended.`,
    }
  const { fault, injected } = end
  const way =
    fault.fault === 'stop-client'
      ? `Closing the client before the end would have sent ${it(group)}.`
      : `Waiting for the answers before it takes on more, or a spool, would have shown that ${it(group)} ${was(group)} not stored.`
  return {
    code: 'ended-before-send',
    text:
      `${given} and never answered: the process ended at ${seconds(injected)} (${fault.id}), before a broker had stored ` +
      `${it(group)}, and the application looks at no answer. ${way}`,
  }
}
