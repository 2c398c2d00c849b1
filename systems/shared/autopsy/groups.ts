/** A lost range falls into groups of messages that fared alike: the same extracts hold all of a group, or none of it. */
import type { LostRange, MessageFacts } from './lane-facts.ts'
import type { Copies, Finding } from './copies.ts'
import type { Messages } from './words.ts'

export interface Group extends Messages {
  from: number
  to: number
  /** What each extract says of its first message. */
  findings: readonly Finding[]
}

/** Beyond so many it is no longer told apart. */
const mostGroups = 20

/** Undefined where the messages fared too differently. */
export function groupsOf(range: LostRange, copies: Copies, table: MessageFacts): Group[] | undefined {
  if (copies.extracts.length === 0)
    return [{ from: range.from, to: range.to, count: range.count, findings: [], each: range.each }]
  const groups: Group[] = []
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

const keyOf = (finding: Finding) => (typeof finding === 'string' ? finding : finding.epoch)
