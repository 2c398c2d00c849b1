/**
 * Random histories of one lane for property tests. They contain every outcome: true and untrue answers, losses, copies,
 * spools, restarts of clients, foreign records in the log, gaps between offsets and numbers, consumers that skip, stall and
 * repeat, logs that were not read to their end, faults without evidence.
 */
import fc from 'fast-check'
import type { TrialEvent } from '../../history/events.ts'
import type { LaneRecord } from '../../history/records.ts'
import { failover, lane } from './literal.ts'
import type { Literal } from './literal.ts'
import { partitions, shape } from './random-shape.ts'
import type { Message, Shape } from './random-shape.ts'

/** A random history in literal form, with its files in random order. */
export const randomHistory: fc.Arbitrary<Literal> = shape.chain(found => {
  const literal = build(found.tidy ? tidied(found) : found)
  return fc.shuffledSubarray(literal.files, { minLength: literal.files.length }).map(files => ({ ...literal, files }))
})

/** Removes what makes a verdict inconclusive, so that the other verdicts occur often enough. */
function tidied(found: Shape): Shape {
  const sure = {
    endMissing: false,
    fenceMissing: false,
    fenceUnread: false,
    behindFence: false,
    endBeyond: false,
    readEarly: false,
    phantoms: false,
    noEvidence: false,
    noFault: false,
    waitExpired: false,
  }
  const honest = found.messages.map(one => ({
    ...one,
    processed: Math.max(1, one.processed),
    copies: Math.max(1, one.copies),
  }))
  return {
    ...found,
    ...sure,
    strangers: [],
    messages: found.messages.length % 2 === 0 ? honest : found.messages,
    groupOffsets: found.groupOffsets.map(() => 0),
    observed: true,
  }
}

interface Slot {
  s: number
  order: number
  mark?: 'corrupt' | 'foreign'
}

function build(found: Shape): Literal {
  const { first, step } = found
  const number = (at: number) => first + at * step
  const slots = Array.from({ length: partitions }, (_, p) => slotsOf(found, p, number))
  const places = slots.map(list => list.map((slot, at) => ({ ...slot, o: found.base + at * (1 + found.gap) })))
  const ends = places.map(list => (list.at(-1)?.o ?? found.base - 1) + 1)
  const { expect, poisonEvery, consumer, observed } = found
  const words: LaneRecord[] = found.groupOffsets.flatMap((o, p): LaneRecord[] =>
    o === null ? [] : [{ op: 'group-offset', p, o: found.base + o, t: 9000 }],
  )
  const files = [
    ...producers(found, number, places),
    ...readers(found, places, ends),
    ...consumers(found, number, places),
  ]
  return {
    files: files.filter(file => file.length > 0),
    events: eventsOf(found, ends),
    expect,
    partitions,
    ...(observed && words.length > 0 ? { observer: words } : {}),
    ...(found.awaits ? {} : { awaits: false }),
    ...(found.keeps === 'retention' ? { topicSettings: { 'retention.ms': 1000 } } : {}),
    ...(found.keeps.startsWith('compaction') ? { topicSettings: { 'cleanup.policy': 'compact' } } : {}),
    ...(found.keeps === 'compaction' ? { keys: found.keys } : {}),
    ...(poisonEvery === undefined ? {} : { poisonEvery }),
    ...(consumer === 'none' ? {} : { consumer: true }),
  }
}

/** The records of partition `p`, in order. */
function slotsOf(found: Shape, p: number, number: (at: number) => number): Slot[] {
  const copies = found.messages.flatMap((one, at) =>
    Array.from({ length: one.copies }, (_, copy) => ({ one, at, copy })),
  )
  const own = copies.filter(
    ({ one, copy }) => (copy > 0 && one.elsewhere < 4 ? (one.p + one.elsewhere) % partitions : one.p) === p,
  )
  const strangers =
    p === 0
      ? found.strangers.map((kind, at): Slot =>
          kind === 'never sent' ? { s: 1_999_999, order: 50 * at } : { s: -1, mark: kind, order: 50 * at },
        )
      : []
  return [
    ...own.map(({ one, at, copy }): Slot => ({ s: number(at), order: one.order * (copy + 1) })),
    ...strangers,
  ].toSorted((a, b) => a.order - b.order)
}

type Placed = Slot & { o: number }

function producers(found: Shape, number: (at: number) => number, places: Placed[][]): LaneRecord[][] {
  const files: LaneRecord[][] = [[], []]
  found.messages.forEach((one, at) => {
    const s = number(at)
    for (const [index, { at: t, answer: told, latency: wait, file, place, stray }] of one.attempts.entries()) {
      const n = index === 0 ? {} : { n: index + 1 }
      const answeredAt =
        typeof wait === 'number' ? t + wait : Math.max(t, 1900 + ['edge - 1', 'edge', 'edge + 1'].indexOf(wait) - 1)
      files[file]?.push({ op: 'sent', s, p: stray ? (one.p + 1) % partitions : one.p, t, ...n })
      if (told === 'acked')
        files[file]?.push({ op: 'acked', s, t: answeredAt, ...n, ...placeOf(one, s, place, places, found.base) })
      else if (told !== 'none') files[file]?.push({ op: told, s, t: answeredAt, c: 'X', ...n })
    }
    for (const [turn, t] of [...new Set(one.spool)].entries())
      files[turn % 2]?.push({ op: t % 3 === 0 ? 'unspooled' : 'spooled', s, t })
  })
  // The sort is stable, so an answer stays behind its attempt.
  return files.map(file => file.toSorted((a, b) => a.t - b.t))
}

function placeOf(one: Message, s: number, place: string, places: Placed[][], base: number): { p?: number; o?: number } {
  const mine = places[one.p]?.find(slot => slot.s === s)?.o
  if (place === 'none') return {}
  if (place === 'no partition') return mine === undefined ? {} : { o: mine }
  if (place === 'stolen')
    return { p: one.p, o: places[one.p]?.[one.order % Math.max(1, places[one.p]?.length ?? 1)]?.o ?? base }
  return { p: one.p, o: place === 'true' && mine !== undefined ? mine : base + 50 + (one.order % 3) }
}

function readers(found: Shape, places: Placed[][], ends: number[]): LaneRecord[][] {
  const logs = places.map((list, p): LaneRecord[] => {
    const start = p === 0 && found.removed > 0 ? found.base + found.removed * (1 + found.gap) : undefined
    const kept = list.filter(({ o }) => o >= (start ?? 0))
    const stored = kept.map(({ s, o, mark }, at): LaneRecord => ({
      op: 'stored',
      ...(s < 0 ? {} : { s }),
      p,
      o,
      e: at < found.turnAt ? 0 : 1,
      t: p === 1 && found.readEarly ? 4000 : 20_000,
      ...(mark ? { c: mark } : {}),
    }))
    const end = ends[p] ?? 0
    const unread = p === 0 && found.fenceUnread
    const behind = p === 0 && found.behindFence
    return [
      ...(start === undefined ? [] : [{ op: 'start' as const, p, o: Math.min(start, end), t: 20_000 }]),
      ...stored,
      ...(unread ? [] : [{ op: 'fence' as const, p, o: end, e: 1, t: p === 1 && found.readEarly ? 4000 : 20_001 }]),
      ...(behind ? [{ op: 'stored' as const, p, o: end + 1, e: 1, t: 20_001, c: 'foreign' as const }] : []),
      ...(p === 1 && found.endMissing
        ? []
        : [
            {
              op: 'end' as const,
              p,
              o: end + (behind ? 2 : 1) + (p === 2 && found.endBeyond ? 3 : 0),
              t: p === 1 && found.readEarly ? 4000 : 20_002,
            },
          ]),
    ]
  })
  return found.oneReader ? [logs.flat()] : logs
}

function consumers(found: Shape, number: (at: number) => number, places: Placed[][]): LaneRecord[][] {
  if (found.consumer === 'none' || found.consumer === 'planned only') return []
  const files: LaneRecord[][] = found.consumer === 'one' ? [[]] : [[], []]
  if (found.phantoms) files[0]?.push({ op: 'processed', s: 1_888_888, p: 0, o: 1, t: 8000 })
  found.messages.forEach((one, at) => {
    const s = number(at)
    const o = places[one.p]?.find(slot => slot.s === s)?.o ?? 0
    for (let time1 = 0; time1 < one.processed; time1++) {
      const file = files[(at + time1) % files.length]
      file?.push({ op: 'delivered', s, p: one.p, o, t: 8000 + time1 })
      file?.push({
        op: 'processed',
        s,
        p: one.p,
        o,
        t: 8000 + time1,
        ...(time1 >= one.suppressed ? { c: 'suppressed' as const } : {}),
      })
    }
    for (let turn = 0; turn < (one.parked ? found.failures : 0); turn++)
      files[0]?.push({ op: 'failed', s, p: one.p, o, t: 8400 + turn, c: 'X' })
    if (one.parked)
      files[0]?.push({ op: 'parked', s, p: one.p, o, t: 8500, ...(found.failures > 1 ? { c: 'DLQ' } : {}) })
  })
  return files
}

function eventsOf(found: Shape, ends: number[]): TrialEvent[] {
  const base = failover.filter(event => {
    if (event.kind === 'observer') return !found.noObserver
    if (event.kind === 'evidence' && event.id === 'crash-1') return !found.noEvidence
    return !('id' in event) || event.id !== 'cut-replication-1' || !found.noFault
  })
  const others: TrialEvent[] = [
    { kind: 'leader', t: 0, lane, p: 1, leader: 2, epoch: 0 },
    { kind: 'leader', t: 1500, lane, p: 1, leader: 3, epoch: 1, after: 1400 },
    { kind: 'injected', t: 2050, id: 'crash-1' },
    ...(found.waitExpired
      ? [{ kind: 'wait-expired' as const, t: 6000, what: 'x', limitMs: 1000, seen: 'y', lane }]
      : []),
  ]
  const fences = ends.flatMap((o, p): TrialEvent[] =>
    p === 2 && found.fenceMissing ? [] : [{ kind: 'fence', t: 8000, lane, p, o }],
  )
  return [...base, ...others, ...fences]
    .map(event => ('quiesced' in event ? { ...event, quiesced: found.quiesced } : event))
    .toSorted((a, b) => a.t - b.t)
}
