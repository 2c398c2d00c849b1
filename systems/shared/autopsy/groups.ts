/** Splits a lost range into groups of messages with the same history: each extract holds all of a group or none of it. */
import type { LostRange, MessageFacts } from './lane-facts.ts'
import type { Finding, ReplicaCopies } from './replica-copies.ts'
import type { Messages } from './wording.ts'

export interface MessageGroup extends Messages {
  from: number
  to: number
  /** What each extract says of the messages. */
  findings: readonly Finding[]
}

/** Ranges that split into more groups than this are explained as one. */
const mostGroups = 20

/** Undefined where the range splits into too many groups. */
export function groupsOf(range: LostRange, copies: ReplicaCopies, table: MessageFacts): MessageGroup[] | undefined {
  if (copies.extracts.length === 0) return [withoutFindings(range)]
  const groups: MessageGroup[] = []
  let open: { from: number; to: number; count: number; key: string; findings: readonly Finding[] } | undefined
  const close = () => {
    if (!open) return
    const { from, to, count, findings } = open
    groups.push({
      from,
      to,
      count,
      findings,
      each: visit =>
        range.each(s => {
          if (s >= from && s <= to) visit(s)
        }),
    })
  }
  range.each(s => {
    if (groups.length > mostGroups) return
    const findings = copies.extracts.map((_, index) => copies.find(index, s, table.ackOffset.get(s)))
    const key = findings.map(keyOf).join()
    if (open?.key === key) {
      open.to = s
      open.count += 1
    } else {
      close()
      open = { from: s, to: s, count: 1, key, findings }
    }
  })
  close()
  return groups.length > mostGroups ? undefined : groups
}

const withoutFindings = ({ from, to, count, each }: LostRange): MessageGroup => ({
  from,
  to,
  count,
  each,
  findings: [],
})

const keyOf = (finding: Finding) => (typeof finding === 'string' ? finding : finding.epoch)
