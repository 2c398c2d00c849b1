/**
 * Why inputs never came out of an application in the middle, and where each was last seen: in the log, passed by the
 * application's group, or written to the output. The application tells nothing itself: its group's offsets were read while
 * it ran, its deaths are the faults of the schedule, and the output was read to its end.
 */
import { notEstablished } from '../../model/causes.ts'
import type { TrialEvent } from '../../history/events.ts'
import type { ExplainedRange } from '../../model/verdict.ts'
import { provedFaults } from '../../systems/shared/autopsy/input.ts'
import type { AutopsyInput } from '../../systems/shared/autopsy/input.ts'
import { count, it, offsets, seconds, was } from '../../systems/shared/autopsy/wording.ts'
import type { LaneResult } from '../check/lane-result.ts'
import type { Outputs } from '../check/outputs.ts'
import { skippedRange } from './consumer-traces.ts'
import type { ConsumerTrace, ConsumerTraces, SkippedMessage } from './consumer-traces.ts'

/** Faults that end the application's processes, and those that hit nothing else. */
const endingFaults: readonly string[] = ['crash-app', 'stop-app']
const processFaults: readonly string[] = [...endingFaults, 'pause-app']

/** All processes of the application ended at once. */
interface Death {
  at: number
  /** When it was started again; Infinity: never. */
  until: number
}

interface Found {
  code: string
  /** When the group was first seen behind it. */
  passedAt: number | undefined
  death?: Death | undefined
  /** Where it was seen in the output. */
  written?: { p: number; o: number; t: number } | undefined
  /** What the evidence leaves open. */
  missing?: string
}

interface Evidence {
  trace: ConsumerTrace | undefined
  deaths: readonly Death[]
  /** Faults hit brokers or links too. */
  others: boolean
  /** A process of the application ended, and no fault is proved to have ended it. */
  unprovedEnd: boolean
  outputs: Outputs
  /** By partition: when inputs came out, in the order of their offsets. */
  later: ReadonlyMap<number, { o: number; t: number }[]>
  rowOf: (s: number) => number
}

export function explainNeverOut(
  { skipped, traces }: ConsumerTraces,
  { table, logs, outputs }: LaneResult,
  { cell, events }: AutopsyInput,
): ExplainedRange[] {
  if (!outputs) return []
  const evidence: Evidence = {
    trace: traces.find(({ commits }) => commits.size > 0),
    deaths: deathsOf(events),
    others: events.some(
      event => event.kind === 'fault' && event.target !== 'producer' && !processFaults.includes(event.fault),
    ),
    unprovedEnd: hasUnprovedEnd(events, cell.lane),
    outputs,
    later: cameOut(logs, outputs),
    rowOf: s => table.find(s),
  }
  return [...skipped.values()].flatMap(messages => rangesOf(messages, evidence))
}

function rangesOf(skipped: readonly SkippedMessage[], evidence: Evidence): ExplainedRange[] {
  const groups: { found: Found; members: SkippedMessage[] }[] = []
  for (const message of skipped) {
    const found = find(message, evidence)
    const last = groups.at(-1)
    if (last && keyOf(last.found) === keyOf(found)) last.members.push(message)
    else groups.push({ found, members: [message] })
  }
  return groups.map(({ found, members }) =>
    skippedRange(members, { code: found.code, text: textOf(found, members, evidence) }),
  )
}

const keyOf = ({ code, death, missing, written }: Found) =>
  [code, death?.at ?? '', missing ?? '', written === undefined].join('|')

function find({ s, p, offset, isExpired }: SkippedMessage, evidence: Evidence): Found {
  const { trace, deaths, others, unprovedEnd, outputs, later } = evidence
  const passedAt = trace?.commits.get(p)?.find(({ o }) => o > offset)?.t
  const written = outputs.seen.get(evidence.rowOf(s))
  if (written) return { code: 'output-vanished', passedAt, written }
  if (isExpired) return { code: 'expired-unread', passedAt }
  const open = (missing: string): Found => ({ code: notEstablished, passedAt, missing })
  if (passedAt === undefined) return open('no look at its group while it ran saw when it passed')
  if (others) return open('faults hit brokers or links too, which can have kept or destroyed what it wrote')
  if (unprovedEnd) return open('a process of the application ended without a fault that is proved')
  // Without a living process nobody commits: what is seen until the next start was committed before the death.
  const death = deaths.find(({ until }) => passedAt <= until)
  const wentOnAt = firstBehind(later.get(p) ?? [], offset)
  if (!death)
    return wentOnAt === undefined
      ? open('it was the last of its partition, and the application may not have finished it when the harness ended it')
      : { code: 'dropped-by-application', passedAt }
  if (wentOnAt !== undefined && wentOnAt < death.at)
    return open(
      'later messages of its partition had come out before the application died: it was dropped, or was worked on beside them',
    )
  return { code: 'committed-before-processing', passedAt, death }
}

function textOf(found: Found, members: readonly SkippedMessage[], { outputs }: Evidence): string {
  const { code, passedAt, death, written, missing } = found
  const group = { count: members.length }
  const subject = `${count(group)} (${offsets({ from: members[0]?.offset ?? 0, to: members.at(-1)?.offset ?? 0 }, group)})`
  const last =
    passedAt === undefined
      ? `last seen in the log; the group's offset at the end is behind ${it(group)}`
      : `last seen in the log; the application's group was behind ${it(group)} at ${seconds(passedAt)}`
  if (written)
    return (
      `${subject} ${was(group)} last seen in the output, at offset ${written.o} of its partition ${written.p} at ` +
      `${seconds(written.t)}, and the output that was read at the end lacks ${it(group)}. An output topic that loses no ` +
      'acknowledged message would have kept it.'
    )
  if (code === 'expired-unread') return `${subject} had expired before the application wrote anything for ${it(group)}.`
  if (code === notEstablished) return `${subject} never came out: ${last}; cause not established: ${missing ?? ''}.`
  if (code === 'dropped-by-application')
    return (
      `${subject} never came out: ${last}, and it went on with later messages while it lived (${outputs.first.size} ` +
      'messages came out). The application has to write or park something for every message that it reads.'
    )
  return (
    `${subject} never came out: ${last}, and the application was gone at ` +
    `${seconds(death?.at ?? 0)}, before anything was written for ${it(group)}. Committing after the work, or in one ` +
    `transaction with it, would have had ${it(group)} delivered again.`
  )
}

function deathsOf(events: readonly TrialEvent[]): Death[] {
  return provedFaults(events, endingFaults).map(({ injected, healed }) => ({ at: injected, until: healed }))
}

/** A process ended by itself, or by a fault of which nobody knows whether it took hold. */
const hasUnprovedEnd = (events: readonly TrialEvent[], lane: string): boolean =>
  events.some(event => event.kind === 'client-died' && event.lane === lane) ||
  events.filter(event => event.kind === 'fault' && endingFaults.includes(event.fault)).length > deathsOf(events).length

function cameOut(logs: LaneResult['logs'], outputs: Outputs): Map<number, { o: number; t: number }[]> {
  return new Map(
    [...logs].map(([p, log]) => {
      const found: { o: number; t: number }[] = []
      log.each((row, o) => {
        const at = outputs.first.get(row)
        if (at) found.push({ o, t: at.t })
      })
      // From the end: the earliest time at which anything behind came out.
      for (let at = found.length - 2; at >= 0; at--) {
        const [here, next] = [found[at], found[at + 1]]
        if (here && next) here.t = Math.min(here.t, next.t)
      }
      return [p, found]
    }),
  )
}

/** When the first of the messages behind an offset came out. */
function firstBehind(outputs: readonly { o: number; t: number }[], offset: number): number | undefined {
  return outputs.find(({ o }) => o > offset)?.t
}
