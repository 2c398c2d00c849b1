/** Why stored messages were passed over by their consumers, as ranges with a sentence for each. */
import { notEstablished } from '../../model/causes.ts'
import type { ExplainedRange } from '../../model/verdict.ts'
import { handlingOf } from '../../systems/shared/autopsy/input.ts'
import type { AutopsyInput } from '../../systems/shared/autopsy/input.ts'
import type { SystemAutopsy } from '../../systems/shared/autopsy/system-autopsy.ts'
import { count, it, offsets, seconds, was } from '../../systems/shared/autopsy/wording.ts'
import { skippedRange } from './consumer-traces.ts'
import type { ConsumerTrace, ConsumerTraces, SkippedMessage } from './consumer-traces.ts'
import { GroupHistory } from './group-history.ts'
import { findSkip } from './skip-finding.ts'
import type { SkipContext, SkipFinding } from './skip-finding.ts'

export function explainSkips(
  { skipped, traces }: ConsumerTraces,
  input: AutopsyInput,
  autopsy: SystemAutopsy,
): ExplainedRange[] {
  const group = new GroupHistory(traces, input)
  return [...skipped.values()].flatMap(messages => rangesOf(messages, { group, input, autopsy }))
}

function rangesOf(skipped: readonly SkippedMessage[], context: SkipContext): ExplainedRange[] {
  const groups: { finding: SkipFinding; members: SkippedMessage[] }[] = []
  for (const message of skipped) {
    const finding = findSkip(message, context)
    const last = groups.at(-1)
    if (last && keyOf(last.finding) === keyOf(finding)) {
      last.members.push(message)
      // Of several commits that passed them one after the other, the last has passed them all.
      last.finding = finding
    } else groups.push({ finding, members: [message] })
  }
  return groups.map(({ finding, members }) =>
    skippedRange(members, { code: finding.code, text: textOf(finding, members, context) }),
  )
}

const keyOf = ({
  code,
  handed,
  by,
  commit,
  next,
  lostCopies,
  lostOffset,
  jump,
  read,
  filtered,
  missing,
}: SkipFinding) =>
  [
    code,
    handed?.process ?? '',
    by?.process ?? '',
    commit === undefined,
    next?.trace.process ?? '',
    lostCopies ?? '',
    lostOffset ?? '',
    jump?.to ?? '',
    read?.process ?? '',
    filtered ?? '',
    missing ?? '',
  ].join('|')

function textOf(
  finding: SkipFinding,
  members: readonly SkippedMessage[],
  { group: processes, input, autopsy }: SkipContext,
): string {
  const { code, handed, by, commit, next, lostCopies, lostOffset, jump, read, filtered, missing } = finding
  const group = { count: members.length }
  const subject = `${count(group)} (${offsets({ from: members[0]?.offset ?? 0, to: members.at(-1)?.offset ?? 0 }, group)})`
  if (code === notEstablished) return `${subject}: cause not established; ${missing ?? ''}.`
  const received = handed ? `handed to ${handed.process} ${timesOf(handed, members)}` : 'not handed to any process'
  const died = by ? processes.diedAt(by.process) : undefined
  const death = died === undefined ? '' : ` ${by?.process ?? ''} was gone at ${seconds(died)}`
  const committed = commit
    ? `${by?.process ?? ''} committed offset ${commit.o} at ${seconds(commit.t)}`
    : `${by?.process ?? ''} committed past ${it(group)} without living to write it down: ` +
      `${next?.trace.process ?? ''} began at offset ${next?.began.o ?? ''}`
  const start = `${next?.trace.process ?? ''} then began at offset ${next?.began.o ?? ''}`
  const reset = `${autopsy.resetRemedy} would have had ${it(group)} delivered.`
  switch (code) {
    case 'failure-swallowed':
      return (
        `${subject} ${was(group)} ${received}; its handler failed, the failure was swallowed, and ${committed}. ` +
        `Retrying and then parking ${it(group)} would have kept ${it(group)}.`
      )
    case 'dropped-by-handler':
      return (
        `${subject} ${was(group)} ${received}; its handler returned without processing ${it(group)}, went on with ` +
        `later messages, and ${committed}. The handler has to process or park every message that it receives.`
      )
    case 'retry-lost':
      return (
        `${subject} ${was(group)} ${received}; its handler asked for another delivery, and ${committed}, behind the ` +
        `copies by which ${group.count === 1 ? 'it was' : 'they were'} to come again. Such copies wait for neither ` +
        `flush nor slave, and were lost ${lostCopies ?? ''}. Storing ${it(group)} in the application before success ` +
        `is returned would have kept ${it(group)}.`
      )
    case 'committed-before-processing':
      return `${subject} ${was(group)} ${received}; ${committed};${death}, before it had processed ${it(group)}. ${remedyOf(input, group)}`
    case 'committed-past-worker':
      return (
        `${subject} ${was(group)} ${received}; other workers finished later messages, and ${committed};${death}, before the ` +
        `workers that had ${it(group)} were done. Committing only up to the first message that is not done would have had ` +
        `${it(group)} delivered again.`
      )
    case 'committed-before-delivery':
      return `${subject} ${was(group)} fetched and never handed to the application; ${committed};${death}. ${remedyOf(input, group)}`
    case 'position-beyond-log':
      return (
        `${subject} ${was(group)} ${received}: ` +
        (read
          ? `${read.process} was given ${group.count === 1 ? 'an older message at its offset' : 'older messages at their offsets'}. `
          : `${committed}, before ${group.count === 1 ? 'it was' : 'they were'} sent. `) +
        `The log was then cut to below that offset, and ` +
        `${group.count === 1 ? 'the new message took an offset' : 'the new messages took offsets'} that the group had ` +
        `already passed. A log that loses no acknowledged message would have had ${it(group)} delivered.`
      )
    case 'filtered-out':
      return (
        `${subject} ${was(group)} ${received}: ${filtered ?? ''}, and ${committed}. The same subscription in every ` +
        `member of the group would have had ${it(group)} delivered.`
      )
    case 'expired-unread':
      return (
        `${subject} had expired before any consumer processed ${it(group)}: the settings of the topic remove ` +
        (autopsy.compactsRecords(input)
          ? `records that a later one of the same key replaces. No compaction would have had ${it(group)} delivered.`
          : `old records. A longer retention would have had ${it(group)} delivered.`)
      )
    default:
      if (jump)
        return (
          `${subject} ${was(group)} ${received}: ${jump.trace.process} went from offset ${jump.from} to ${jump.to}, the end of ` +
          `the log, because it had no valid position any more. ${reset}`
        )
      if (lostOffset !== undefined)
        return `${subject} ${was(group)} ${received}; the offset that the group had committed ${lostOffset}, and ${start}. ${reset}`
      if (!by)
        return (
          `${subject} ${was(group)} ${received}: nothing had been committed when ${next?.trace.process ?? ''}, the ` +
          `first of its group, began at offset ${next?.began.o ?? ''}. ${reset}`
        )
      return `${subject} ${was(group)} ${received}, and nothing had been committed when${death}; ${start}. ${reset}`
  }
}

function remedyOf(input: AutopsyInput, group: { count: number }): string {
  const handling = handlingOf(input)
  const way =
    handling?.commit === 'before'
      ? 'Committing after the work'
      : handling?.processing === 'worker'
        ? 'Committing what the worker has done, not what it was handed,'
        : 'Committing only what has been processed'
  return `${way} would have had ${it(group)} delivered again.`
}

function timesOf(trace: ConsumerTrace, members: readonly SkippedMessage[]): string {
  const times = members.map(({ s }) => trace.delivered.get(s) ?? 0)
  const [from, to] = [
    seconds(times.reduce((a, b) => Math.min(a, b), Infinity)),
    seconds(times.reduce((a, b) => Math.max(a, b), 0)),
  ]
  return from === to ? `at ${from}` : `between ${from} and ${to}`
}
