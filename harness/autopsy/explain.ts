/**
 * Why a range of messages is gone. Extracts of replica logs, which show where each message was, come first. Where they do
 * not decide it, or none were taken, the history alone may. A cause is named only when the evidence rules out every other;
 * otherwise the text says what is missing.
 */
import { notEstablished } from '../../model/causes.ts'
import type { Cause } from '../../model/causes.ts'
import type { AutopsyInput } from '../../systems/shared/autopsy/input.ts'
import { groupsOf } from '../../systems/shared/autopsy/groups.ts'
import type { MessageGroup } from '../../systems/shared/autopsy/groups.ts'
import type { LostRange } from '../../systems/shared/autopsy/lane-facts.ts'
import { ReplicaCopies } from '../../systems/shared/autopsy/replica-copies.ts'
import { isCause } from '../../systems/shared/autopsy/system-autopsy.ts'
import type { Explanation, SystemAutopsy } from '../../systems/shared/autopsy/system-autopsy.ts'
import { count, it, span, was } from '../../systems/shared/autopsy/wording.ts'
import type { Messages } from '../../systems/shared/autopsy/wording.ts'

/** Part of a lost range, with its cause. */
export interface ExplainedRange {
  from: number
  to: number
  count: number
  cause: Cause
}

/** Splits a range of lost messages into groups with one cause each, in order. The groups cover the whole range. */
export function explain(range: LostRange, input: AutopsyInput, autopsy: SystemAutopsy): ExplainedRange[] {
  const { p, from, to } = range
  if (range.outcome === 'clientLost') return [{ from, to, count: range.count, cause: clientError(range, input) }]
  const copies = new ReplicaCopies(input.replicas, p)
  const groups = groupsOf(range, copies, input.lane.table)
  if (!groups) {
    const tooMany: Explanation = { undecided: 'the messages of this range have too many different histories' }
    const cause = decide(p, range, [() => tooMany, () => autopsy.explainByHistory(p, range, input)], input, autopsy)
    return [{ from, to, count: range.count, cause }]
  }
  return groups.map(group => ({
    from: group.from,
    to: group.to,
    count: group.count,
    cause: explainGroup(p, group, copies, input, autopsy),
  }))
}

function explainGroup(
  p: number,
  group: MessageGroup,
  copies: ReplicaCopies,
  input: AutopsyInput,
  autopsy: SystemAutopsy,
): Cause {
  const ways = [() => autopsy.explainLoss(p, group, copies, input), () => autopsy.explainByHistory(p, group, input)]
  return decide(p, group, ways, input, autopsy)
}

/** The first cause that one of `ways` establishes, else what the first of them left open. */
function decide(
  p: number,
  messages: Messages,
  ways: readonly (() => Explanation)[],
  input: AutopsyInput,
  autopsy: SystemAutopsy,
): Cause {
  let undecided: string | undefined
  for (const way of ways) {
    const found = way()
    if (isCause(found)) return found
    undecided ??= found?.undecided
  }
  return leftOpen(messages, undecided ?? missingEvidence(p, messages, input, autopsy), input)
}

function clientError(range: LostRange, { lane }: AutopsyInput): Cause {
  const offset = lane.table.ackOffset.get(range.from)
  const standing = range.count === 1 ? lane.logs.get(range.p)?.at(offset) : undefined
  const where =
    standing && standing.s >= 0
      ? `at offset ${offset}, which holds message ${standing.s}`
      : 'at offsets that other messages hold or were acknowledged at too'
  return {
    code: 'client-error',
    text:
      `${count(range)} ${was(range)} acknowledged ${where}, in the same leader epoch: the client's acknowledgement ` +
      `was untrue. No setting of the brokers would have kept ${it(range)}; a client that numbers its sends rightly, ` +
      'or one send at a time, would.',
  }
}

function missingEvidence(p: number, messages: Messages, input: AutopsyInput, autopsy: SystemAutopsy): string {
  const { table } = input.lane
  return span(messages, s => table.ackOffset.get(s)).from < 0
    ? 'their acknowledgements name no offset, and no fault of leader or link is known to have covered all their sends'
    : autopsy.missingEvidence(p, input)
}

function leftOpen(messages: Messages, missing: string, { replicas }: AutopsyInput): Cause {
  const extracts = replicas.length === 0 ? '; there are no extracts of replica logs' : ''
  return { code: notEstablished, text: `${count(messages)}: cause not established; ${missing}${extracts}.` }
}
