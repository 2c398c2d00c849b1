/**
 * What a literal history says, for the slow judge. Written from the definitions in model/outcomes.ts and not from the
 * checker's code. All data are lists or sets, and every question searches all records again.
 */
import type { TrialEvent } from '../../history/events.ts'
import type { LaneRecord } from '../../history/records.ts'
import type { Outcome } from '../../model/outcomes.ts'
import type { Counts } from '../../model/verdict.ts'
import { lane } from './literal.ts'
import type { Literal } from './literal.ts'

type Of<Op extends LaneRecord['op']> = Extract<LaneRecord, { op: Op }>

export class SlowFacts {
  readonly files: LaneRecord[][]
  readonly events: readonly TrialEvent[]
  readonly partitions: number
  readonly numbers: number[]
  /** Every partition was read to its end. */
  readonly isRead: boolean
  /** And what became of every message is known. */
  readonly complete: boolean
  readonly hasConsumer: boolean
  readonly delivered: boolean
  readonly #all: LaneRecord[]
  readonly #literal: Literal

  constructor(literal: Literal) {
    this.#literal = literal
    this.files = [...literal.files, ...(literal.observer ? [literal.observer] : [])]
    this.events = literal.events ?? []
    this.partitions = literal.partitions ?? 1
    this.#all = this.files.flat()
    this.numbers = [...new Set(this.of('sent').map(record => record.s))].toSorted((a, b) => a - b)
    this.isRead = Array.from({ length: this.partitions }, (_, p) => this.#isComplete(p)).every(Boolean)
    this.complete = this.isRead && this.numbers.every(s => this.outcome(s) !== 'unaccounted')
    const handed = new Set(['delivered', 'processed', 'parked', 'failed'])
    this.delivered = this.#all.some(record => handed.has(record.op))
    this.hasConsumer =
      literal.consumer === true ||
      (literal.observer?.length ?? 0) > 0 ||
      literal.files.some(file =>
        file.some(record => handed.has(record.op) || record.op === 'committed' || record.op === 'group-offset'),
      )
  }

  of<Op extends LaneRecord['op']>(op: Op, s?: number): Of<Op>[] {
    return this.#all.filter(
      (record): record is Of<Op> => record.op === op && (s === undefined || ('s' in record && record.s === s)),
    )
  }

  copies(s: number): Of<'stored'>[] {
    return this.of('stored', s).filter(record => record.c === undefined)
  }

  sentAt(s: number): number {
    return Math.min(...this.of('sent', s).map(record => record.t))
  }

  ackedAt(s: number): number {
    return Math.min(...this.of('acked', s).map(record => record.t))
  }

  /** Acknowledged attempts: an answer is in the file of its attempt and has its number. */
  ackedAttempts(s: number): { sent: number; acked: number }[] {
    return this.files.flatMap(file =>
      file.flatMap(record => {
        if (record.op !== 'acked' || record.s !== s) return []
        const n = record.n ?? 1
        const attempt = file.filter(other => other.op === 'sent' && other.s === s && (other.n ?? 1) === n)[0]
        return [{ sent: n === 1 || attempt === undefined ? this.sentAt(s) : attempt.t, acked: record.t }]
      }),
    )
  }

  answeredAt(s: number): number {
    return Math.min(
      ...[...this.of('acked', s), ...this.of('rejected', s), ...this.of('unknown', s)].map(record => record.t),
    )
  }

  answer(s: number): 'acked' | 'rejected' | 'unknown' {
    if (this.of('acked', s).length > 0) return 'acked'
    const open = this.files.some(file =>
      file.some(
        record =>
          record.op === 'sent' &&
          record.s === s &&
          !file.some(
            other =>
              (other.op === 'rejected' || other.op === 'unknown') &&
              other.s === s &&
              (other.n ?? 1) === (record.n ?? 1),
          ),
      ),
    )
    return open || this.of('unknown', s).length > 0 ? 'unknown' : 'rejected'
  }

  isUntrue(s: number): boolean {
    const place = this.#place(s)
    const epoch = this.#epochOf(s)
    if (place === undefined || epoch === undefined) return false
    const standing = [...this.of('stored'), ...this.of('fence')].find(
      record => record.p === place.p && record.o === place.o,
    )
    // An unreadable record may be the message itself.
    if (standing)
      return standing.e === epoch && (standing.op === 'fence' || (standing.c === undefined && standing.s !== undefined))
    return this.numbers.some(other => {
      const theirs = this.#place(other)
      return other !== s && theirs?.p === place.p && theirs.o === place.o && this.#epochOf(other) === epoch
    })
  }

  outcome(s: number): Outcome {
    if (this.copies(s).length > 0) return 'stored'
    if (!this.isRead) return 'unaccounted'
    if (this.answer(s) === 'acked') return this.#ofAbsentAcked(s)
    const moves = [...this.of('spooled', s), ...this.of('unspooled', s)].toSorted((a, b) => a.t - b.t)
    if (moves.at(-1)?.op === 'spooled') return 'spooled'
    return this.#literal.awaits === false ? 'unsent' : 'givenUp'
  }

  isWaiting(s: number): boolean {
    return (
      this.hasConsumer &&
      this.copies(s).length > 0 &&
      this.of('processed', s).length === 0 &&
      this.of('parked', s).length === 0
    )
  }

  firstCopy(s: number): Of<'stored'> | undefined {
    return this.copies(s).toSorted((a, b) => a.p - b.p || a.o - b.o)[0]
  }

  groupOffset(p: number): number | undefined {
    const told = this.of('group-offset').filter(record => record.p === p)
    return told.toSorted((a, b) => a.t - b.t || a.o - b.o).at(-1)?.o
  }

  /** A commit that came after the group's offset had been read passes it, and that offset does not. */
  isPassedLater(s: number): boolean {
    const latest = <T extends { t: number; o: number }>(records: T[]) =>
      records.toSorted((a, b) => a.t - b.t || a.o - b.o).at(-1)
    return this.copies(s).some(copy => {
      const read = latest(this.of('group-offset').filter(record => record.p === copy.p))
      const commit = latest(this.of('committed').filter(record => record.p === copy.p))
      return read && commit && commit.t > read.t && read.o <= copy.o && commit.o > copy.o
    })
  }

  isSkipped(s: number): boolean {
    const isUnread = this.of('processed', s).length === 0 && this.of('parked', s).length === 0
    if (this.outcome(s) === 'expired') return this.hasConsumer && isUnread
    return this.isWaiting(s) && this.copies(s).every(copy => (this.groupOffset(copy.p) ?? 0) > copy.o)
  }

  /** Stored behind a message that its producer sent later. */
  isReordered(s: number): boolean {
    const producer = this.#producerOf(s)
    const isLater = (other: number) =>
      this.sentAt(other) > this.sentAt(s) || (this.sentAt(other) === this.sentAt(s) && other > s)
    return (
      producer !== undefined &&
      this.numbers.some(
        other =>
          this.#producerOf(other) === producer &&
          isLater(other) &&
          this.copies(other).some(({ p, o }) => this.copies(s).some(copy => copy.p === p && copy.o > o)),
      )
    )
  }

  /** Processed with effect by a consumer that had processed a later one of the partition before. */
  isOutOfOrder(s: number): boolean {
    return this.files.some(file => {
      const done = file.filter(record => record.op === 'processed').filter(record => record.c === undefined)
      return done.some(
        (record, at) => record.s === s && done.slice(0, at).some(({ p, o }) => p === record.p && o > record.o),
      )
    })
  }

  isPoison(s: number): boolean {
    const { poisonEvery } = this.#literal
    return poisonEvery !== undefined && this.copies(s).length > 0 && (s + 1) % poisonEvery === 0
  }

  count(): { counts: Counts; sets: Record<string, Set<number>> } {
    const those = (is: (s: number) => boolean) => new Set(this.numbers.filter(is))
    const times = (s: number) =>
      this.outcome(s) === 'stored' || this.outcome(s) === 'unaccounted' ? this.of('processed', s) : []
    const effects = (s: number) => times(s).filter(record => record.c === undefined).length
    const sets: Record<string, Set<number>> = {
      sent: new Set(this.numbers),
      acked: those(s => this.answer(s) === 'acked'),
      rejected: those(s => this.answer(s) === 'rejected'),
      unknown: those(s => this.answer(s) === 'unknown'),
      stored: those(s => this.outcome(s) === 'stored'),
      lost: those(s => this.outcome(s) === 'lost'),
      clientLost: those(s => this.outcome(s) === 'clientLost'),
      givenUp: those(s => this.outcome(s) === 'givenUp'),
      spooled: those(s => this.outcome(s) === 'spooled'),
      unsent: those(s => this.outcome(s) === 'unsent'),
      expired: those(s => this.outcome(s) === 'expired'),
      unaccounted: those(s => this.outcome(s) === 'unaccounted'),
      reordered: those(s => this.isReordered(s)),
      outOfOrder: those(s => times(s).length > 0 && this.isOutOfOrder(s)),
      duplicates: those(s => this.copies(s).length > 1),
      recovered: those(s => this.answer(s) === 'unknown' && this.copies(s).length > 0),
      resurrected: those(s => this.answer(s) === 'rejected' && this.copies(s).length > 0),
      processed: those(s => times(s).length > 0),
      redelivered: those(s => times(s).length > 1),
      effects: those(s => effects(s) > 0),
      skipped: those(s => this.isSkipped(s)),
      phantom: this.#phantoms(),
      parked: those(s => this.of('parked', s).length > 0 && !this.#isGone(s)),
      parkedLost: those(s => this.of('parked', s).length > 0 && this.#isGone(s)),
      failures: those(s => this.of('failed', s).length > 0),
      deadLettered: those(s => this.of('parked', s).some(record => record.c === 'DLQ')),
      stalled: those(s => this.isWaiting(s) && !this.isSkipped(s)),
    }
    const sum = (value: (s: number) => number) => this.numbers.reduce((total, s) => total + value(s), 0)
    const strange = this.of('stored').filter(
      record =>
        record.c === 'foreign' ||
        (record.c === undefined && (record.s === undefined || !this.numbers.includes(record.s))),
    )
    const size = (name: string) => sets[name]?.size ?? 0
    return {
      sets,
      counts: {
        sent: size('sent'),
        acked: size('acked'),
        rejected: size('rejected'),
        unknown: size('unknown'),
        stored: size('stored'),
        lost: size('lost'),
        clientLost: size('clientLost'),
        givenUp: size('givenUp'),
        spooled: size('spooled'),
        unsent: size('unsent'),
        expired: size('expired'),
        reordered: size('reordered'),
        outOfOrder: size('outOfOrder'),
        // Only applications come out late, and random histories have none.
        late: 0,
        staleEpochs: this.#staleEpochs(),
        phantom: this.#phantoms().size,
        ahead: this.#ahead(),
        parkedLost: size('parkedLost'),
        failures: this.of('failed').length,
        deadLettered: this.of('parked').filter(record => record.c === 'DLQ').length,
        unaccounted: size('unaccounted'),
        duplicates: sum(s => Math.max(0, this.copies(s).length - 1)),
        recovered: size('recovered'),
        resurrected: size('resurrected'),
        unexpected: strange.length,
        corrupt: this.of('stored').filter(record => record.c === 'corrupt').length,
        processed: size('processed'),
        redelivered: sum(s => Math.max(0, times(s).length - 1)),
        effects: sum(effects),
        skipped: size('skipped'),
        parked: size('parked'),
        stalled: size('stalled'),
      },
    }
  }

  /** The only file with its first attempt. */
  #producerOf(s: number): number | undefined {
    const at = this.files.findIndex(file =>
      file.some(record => record.op === 'sent' && record.s === s && (record.n ?? 1) === 1),
    )
    return at < 0 ? undefined : at
  }

  #ofAbsentAcked(s: number): Outcome {
    const place = this.#place(s)
    const { topicSettings = {} } = this.#literal
    const deletes = topicSettings['retention.ms'] !== undefined && topicSettings['cleanup.policy'] === undefined
    const start = deletes ? (this.of('start').find(record => record.p === this.#partitionOf(s))?.o ?? 0) : 0
    if (start > 0 && place === undefined) return 'unaccounted'
    if (this.isUntrue(s)) return 'clientLost'
    if (place === undefined || place.o >= start) return this.#ofCompacted(s)
    return this.#wasCutBack(s, place) ? 'lost' : 'expired'
  }

  /** A message that was sent after this one was acknowledged was given its offset, or a lower one. */
  #wasCutBack(s: number, { p, o }: { p: number; o: number }): boolean {
    return this.numbers.some(other => {
      const theirs = this.#place(other)
      return theirs?.p === p && theirs.o <= o && this.sentAt(other) > this.ackedAt(s)
    })
  }

  /** What became of a message that is absent and was acknowledged truly. */
  #ofCompacted(s: number): 'lost' | 'expired' | 'unaccounted' {
    const { topicSettings, keys } = this.#literal
    const place = this.#place(s)
    const log = [...this.of('stored'), ...this.of('fence')].filter(record => record.p === place?.p)
    if (topicSettings?.['cleanup.policy'] !== 'compact' || log.some(record => record.o === place?.o)) return 'lost'
    if (keys === undefined || place === undefined) return 'unaccounted'
    const later = this.of('stored').filter(({ p, o, c }) => p === place.p && o > place.o && c === undefined)
    return later.some(record => record.s !== undefined && record.s % keys === s % keys) ? 'expired' : 'lost'
  }

  #isGone(s: number): boolean {
    return this.outcome(s) === 'lost' || this.outcome(s) === 'clientLost'
  }

  #phantoms(): Set<number> {
    const handled = [...this.of('processed'), ...this.of('parked')].map(record => record.s)
    return new Set(
      handled.filter(s => !this.numbers.includes(s) || (this.copies(s).length === 0 && this.answer(s) === 'rejected')),
    )
  }

  #ahead(): number {
    if (!this.hasConsumer) return 0
    return this.of('end').filter(({ p, o }) => (this.groupOffset(p) ?? 0) > o).length
  }

  #staleEpochs(): number {
    const log = [...this.of('stored'), ...this.of('fence')]
    return log.filter(record =>
      log.some(
        other => other.p === record.p && other.o < record.o && record.e !== undefined && (other.e ?? -1) > record.e,
      ),
    ).length
  }

  #isComplete(p: number): boolean {
    const end = this.of('end').find(record => record.p === p)?.o
    const fence = this.events.findLast(event => event.kind === 'fence' && event.lane === lane && event.p === p)
    const fences = this.of('fence')
      .filter(record => record.p === p)
      .map(record => record.o)
    const readAt = this.of('end').find(record => record.p === p)?.t ?? -1
    const produced = [...this.of('sent'), ...this.of('acked'), ...this.of('rejected'), ...this.of('unknown')]
    if (produced.some(record => record.t > readAt)) return false
    const last = Math.max(
      ...[...this.of('stored'), ...this.of('fence')].filter(record => record.p === p).map(record => record.o),
    )
    return end === last + 1 && fences.includes(last) && fence?.kind === 'fence' && fences.includes(fence.o)
  }

  /** The earliest acknowledgement; of several at one time, the one with the lowest partition and offset. */
  #ack(s: number): Of<'acked'> | undefined {
    return this.of('acked', s).toSorted(
      (a, b) => a.t - b.t || (a.p ?? -1) - (b.p ?? -1) || (a.o ?? -1) - (b.o ?? -1),
    )[0]
  }

  #partitionOf(s: number): number | undefined {
    return this.#ack(s)?.p ?? this.of('sent', s).toSorted((a, b) => a.t - b.t || a.p - b.p)[0]?.p
  }

  #place(s: number): { p: number; o: number } | undefined {
    const o = this.#ack(s)?.o
    const p = this.#partitionOf(s)
    return o === undefined || p === undefined ? undefined : { p, o }
  }

  /** The epoch in force from the send to the acknowledgement, where only one is possible. */
  #epochOf(s: number): number | undefined {
    const observer = this.events.find(event => event.kind === 'observer')
    const margin = observer?.kind === 'observer' ? 250 + observer.intervalMs + observer.longestGapMs : Infinity
    const changes = this.events.flatMap(event =>
      event.kind === 'leader' && event.lane === lane && event.p === this.#partitionOf(s) ? [event] : [],
    )
    const surely = changes.filter(change => change.t <= this.sentAt(s)).at(-1)
    const perhaps = changes.filter(
      change =>
        change.t > this.sentAt(s) &&
        (change.after === undefined ? change.t - margin : change.after - 250) <= this.ackedAt(s),
    )
    const epochs = new Set([surely, ...perhaps].map(change => change?.epoch))
    return epochs.size === 1 ? surely?.epoch : undefined
  }
}
