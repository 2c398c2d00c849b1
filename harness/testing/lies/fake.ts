/**
 * A cluster with its clients in memory, and the history that they would leave. It behaves correctly unless a test replaces
 * one of its parts (client, broker, consumer, reader, events) by one that lies.
 *
 * One trial: messages before replication is cut, during the cut, and after the leader was killed and another elected.
 */
import type { TrialEvent } from '../../../history/events.ts'
import { FileOrder } from '../../../history/file-order.ts'
import { Line } from '../../../history/line.ts'
import type { LaneHeader, LaneRecord } from '../../../history/records.ts'
import { checkCell } from '../../verdict/judge-trial.ts'
import type { Settings } from '../../../model/settings.ts'
import { LaneCheck } from '../../check/lane.ts'
import { handling } from '../../../model/testing/handling.ts'
import { failover, lane, planOf } from '../literal.ts'
import type { CellVerdict } from '../../../model/verdict.ts'

/** The trial that the system runs. */
export interface Script {
  messages: number
  partitions: number
  consumer: boolean
  /** A second consumer, and each of the two gets every message. */
  broadcasting: boolean
  /** Message s has the key s modulo this; undefined: no keys. */
  keys?: number | undefined
  /** Settings of the topic. */
  topic: Settings
  /** The leader acknowledges alone, so messages sent during the cut are lost as expected. */
  unsafe: boolean
  /** Messages that the broker rejects, that time out although they are stored, and that stay in the spool. */
  refused: readonly number[]
  timedOut: readonly number[]
  spooled: readonly number[]
  /** The producing application looks at the answers. */
  awaits: boolean
  expect: Record<string, string | number>
}

/** One record of a partition's log. */
export interface Slot {
  s: number
  o: number
  epoch: number
  mark?: 'corrupt' | 'foreign'
}

export interface Told {
  op: 'acked' | 'rejected' | 'unknown'
  p?: number
  o?: number
}

/** The parts of the system that lie. A part that is absent behaves correctly. */
export interface Lies {
  /** How often message `s` is appended; correct: once. */
  copies?: (s: number) => number
  /** Whether the next leader has message `s`. */
  survives?: (s: number) => boolean
  /** The answer that the sender gets. */
  tells?: (s: number, told: Told) => Told
  /** The final log of partition `p`. */
  log?: (slots: Slot[], p: number) => Slot[]
  producer?: (records: LaneRecord[]) => LaneRecord[]
  consumer?: (records: LaneRecord[]) => LaneRecord[]
  /** The group's offset in `p` as the broker reports it. */
  groupOffset?: (o: number, p: number) => number
  reader?: (records: LaneRecord[], p: number) => LaneRecord[]
  events?: (events: TrialEvent[]) => TrialEvent[]
}

export const honest: Script = {
  messages: 40,
  partitions: 2,
  consumer: false,
  broadcasting: false,
  topic: {},
  unsafe: false,
  refused: [],
  timedOut: [],
  spooled: [],
  awaits: true,
  expect: {},
}

/** Half of the messages come after the election, the others before the cut and inside it. */
export function phaseOf(s: number, { messages }: Pick<Script, 'messages'>): 'before' | 'cut' | 'after' {
  if (s < messages / 4) return 'before'
  return s < messages / 2 ? 'cut' : 'after'
}

const spans = { before: [100, 900], cut: [1010, 1880], after: [5600, 6900] } as const

function timeOf(s: number, script: Script): number {
  const phase = phaseOf(s, script)
  const [from, to] = spans[phase]
  const first = { before: 0, cut: Math.ceil(script.messages / 4), after: Math.ceil(script.messages / 2) }[phase]
  const count = Math.max(1, script.messages / (phase === 'after' ? 2 : 4))
  return Math.round((from + ((s - first) / count) * (to - from)) * 1000) / 1000
}

/** The verdict on the history, or the error message with which it is refused. */
export function run(script: Script, lies: Lies): CellVerdict | string {
  const cluster = new Cluster(script, lies)
  const check = new LaneCheck({ broadcasting: script.broadcasting })
  const files = [
    {
      role: 'producer' as const,
      process: 'producer-1',
      records: lies.producer ? lies.producer([...cluster.produce()]) : cluster.produce(),
    },
    ...(script.consumer ? [{ role: 'consumer' as const, process: 'consumer-1', records: cluster.consume() }] : []),
    ...(script.broadcasting
      ? [{ role: 'consumer' as const, process: 'consumer-2', records: cluster.consumed() }]
      : script.consumer
        ? [{ role: 'consumer' as const, process: 'observer-1', records: cluster.observe() }]
        : []),
    { role: 'reader' as const, process: 'reader-1', records: cluster.read() },
  ]
  for (const { role, process, records } of files) {
    const header = { lane, role, process, client: 'fake' }
    const refusal = feed(check, script.awaits || role !== 'producer' ? header : { ...header, awaits: false }, records)
    if (refusal !== undefined) return refusal
  }
  const { cells, trials } = planOf(script.expect, script.partitions)
  const [cell] = cells
  const [trial] = trials
  if (!cell || !trial) throw new Error('a plan of one lane')
  const consumer = script.consumer
    ? { consumer: { client: 'fake', group: 'g', settings: {}, clientSettings: {}, handling, instances: 1 } }
    : {}
  return checkCell(
    cell,
    {
      ...trial,
      lanes: trial.lanes.map(one => ({
        ...one,
        ...consumer,
        topic: { ...one.topic, settings: script.topic },
        workload: { ...one.workload, ...(script.keys === undefined ? {} : { keys: script.keys }) },
      })),
    },
    check,
    cluster.events(),
  )
}

/** What is wrong with a file, in the words of the file reader. */
function feed(check: LaneCheck, header: LaneHeader, records: Iterable<LaneRecord>): string | undefined {
  const order = new FileOrder(header.role)
  const line = new Line()
  check.begin(header)
  for (const record of records) {
    const wrong = order.breach(line.takeOver(record)) ?? check.take(line)
    if (wrong !== undefined) return wrong
  }
  return undefined
}

class Cluster {
  readonly #script: Script
  readonly #lies: Lies
  readonly #logs: Slot[][]
  /** The next offset of each partition. */
  readonly #ends: number[]

  constructor(script: Script, lies: Lies) {
    this.#script = script
    this.#lies = lies
    this.#logs = Array.from({ length: script.partitions }, () => [])
    this.#ends = this.#logs.map(() => 0)
  }

  *produce(): Iterable<LaneRecord> {
    const script = this.#script
    for (let s = 0; s < script.messages; s++) {
      if (phaseOf(s, script) === 'after' && (s === 0 || phaseOf(s - 1, script) !== 'after')) this.#elect()
      const p = s % script.partitions
      const t = timeOf(s, script)
      yield { op: 'sent', s, p, t }
      const told = this.#handle(s, p)
      const honestly = this.#lies.tells ? this.#lies.tells(s, told) : told
      if (honestly.op === 'acked')
        yield {
          op: 'acked',
          s,
          t: t + 0.5,
          ...(honestly.p === undefined ? {} : { p: honestly.p }),
          ...(honestly.o === undefined ? {} : { o: honestly.o }),
        }
      else
        yield {
          op: honestly.op,
          s,
          t: t + 0.5,
          c: honestly.op === 'rejected' ? 'NOT_ENOUGH_REPLICAS' : 'REQUEST_TIMED_OUT',
        }
      if (script.spooled.includes(s)) yield { op: 'spooled', s, t: t + 0.5 }
    }
    this.#logs.forEach((slots, p) => {
      const changed = this.#lies.log?.(slots, p)
      if (changed) this.#logs[p] = changed
    })
  }

  /** Appends as the broker would and returns the answer to the sender. */
  #handle(s: number, p: number): Told {
    const { refused, spooled, timedOut } = this.#script
    const copies = this.#lies.copies?.(s) ?? (refused.includes(s) || spooled.includes(s) ? 0 : 1)
    const o = this.#ends[p] ?? 0
    for (let copy = 0; copy < copies; copy++) this.#append(s, p)
    if (refused.includes(s)) return { op: 'rejected' }
    return timedOut.includes(s) || spooled.includes(s) ? { op: 'unknown' } : { op: 'acked', p, o }
  }

  #append(s: number, p: number): void {
    const o = this.#ends[p] ?? 0
    this.#logs[p]?.push({ s, o, epoch: phaseOf(s, this.#script) === 'after' ? 1 : 0 })
    this.#ends[p] = o + 1
  }

  /** The next leader has what all replicas had. With the unsafe setting that excludes messages of the cut. */
  #elect(): void {
    const survives = this.#lies.survives ?? (s => !this.#script.unsafe || phaseOf(s, this.#script) !== 'cut')
    this.#logs.forEach((slots, p) => {
      const kept = slots.filter(({ s }) => survives(s))
      this.#logs[p] = kept
      this.#ends[p] = (kept.at(-1)?.o ?? -1) + 1
    })
  }

  *consume(): Iterable<LaneRecord> {
    yield* this.#lies.consumer?.([...this.consumed()]) ?? this.consumed()
  }

  /** What a consumer that behaves correctly writes. */
  *consumed(): Iterable<LaneRecord> {
    yield* this.#logs.flatMap((slots, p) =>
      slots
        .filter(({ mark }) => mark === undefined)
        .flatMap(({ s, o }): LaneRecord[] => [
          { op: 'delivered', s, p, o, t: 7500 },
          { op: 'processed', s, p, o, t: 7500 },
          { op: 'committed', p, o: o + 1, t: 7500 },
        ]),
    )
  }

  *observe(): Iterable<LaneRecord> {
    for (const [p, o] of this.#ends.entries())
      yield { op: 'group-offset', p, o: this.#lies.groupOffset?.(o, p) ?? o, t: 7600 }
  }

  *read(): Iterable<LaneRecord> {
    for (const p of this.#logs.keys()) {
      const records = this.#readPartition(p)
      yield* this.#lies.reader ? this.#lies.reader([...records], p) : records
    }
  }

  *#readPartition(p: number): Iterable<LaneRecord> {
    const end = this.#ends[p] ?? 0
    for (const { s, o, epoch, mark } of this.#logs[p] ?? [])
      yield { op: 'stored', p, o, e: epoch, t: 9000, ...(mark === undefined ? { s } : { c: mark }) }
    yield { op: 'fence', p, o: end, e: 1, t: 9000 }
    yield { op: 'end', p, o: end + 1, t: 9000 }
  }

  events(): TrialEvent[] {
    const leaders = this.#logs.flatMap((_, p): TrialEvent[] => [
      { kind: 'leader', t: 0, lane, p, leader: 1, epoch: 0 },
      { kind: 'leader', t: 5000, lane, p, leader: 2, epoch: 1, after: 4900 },
    ])
    const fences = this.#ends.map((o, p): TrialEvent => ({ kind: 'fence', t: 8000, lane, p, o }))
    const events = [...failover.filter(event => event.kind !== 'leader'), ...leaders, ...fences].toSorted(
      (a, b) => a.t - b.t,
    )
    return this.#lies.events?.(events) ?? events
  }
}
