/**
 * Writes a run of one lane of any size, as the harness would. One in a hundred messages was acknowledged by a leader that was
 * then replaced, and is lost; the next leader's messages have their offsets.
 */
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { planOf } from '../harness/testing/literal.ts'
import type { TrialEvent } from '../history/events.ts'
import { laneFile, runPaths, trialPaths } from '../history/folder.ts'

export const partitions = 8
const lane = 'a'
const inFlight = 64
const betweenUs = 97
const failoverUs = 2_500_000
const flushCharacters = 4_000_000
const largest31 = 2 ** 31 - 1

export interface Written {
  records: number
  bytes: number
  lost: number
}

const ms = (us: number): number => us / 1000
/** When messages are sent and acknowledged. The failover delays those behind the lost ones. */
const scheduleOf = (lost: { to: number }) => {
  const sentUs = (s: number): number => s * betweenUs + (s >= lost.to ? failoverUs : 0)
  return { sentUs, ackedUs: (s: number): number => sentUs(s) + inFlight * betweenUs + 41 }
}

/** How the messages are numbered: one after the other, or anywhere below 2^31 and in no order. */
export const numberings = {
  dense: (at: number): number => at,
  scattered: (at: number): number => {
    const mixed = Math.imul(at, 0x9e3779b1) & largest31
    return Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) & largest31
  },
} as const
export type Numbering = keyof typeof numberings

/** Writes a run of `messages` messages into `folder`: sent, acknowledged, and read back except for the lost ones. */
export function writeHistory(folder: string, messages: number, numbering: Numbering = 'dense'): Written {
  const numberOf = numberings[numbering]
  const lost = { from: Math.floor(messages * 0.49), to: Math.floor(messages * 0.5) }
  const { sentUs, ackedUs } = scheduleOf(lost)
  mkdirSync(folder, { recursive: true })
  const ends = Array.from({ length: partitions }, () => 0)
  let before = [...ends]
  const stored: { s: number[]; o: number[] }[] = ends.map(() => ({ s: [], o: [] }))
  const producer = new Out(folder, 'producer')
  const ack = (s: number) => {
    if (s === lost.from) before = [...ends]
    if (s === lost.to) before.forEach((end, p) => (ends[p] = end))
    const p = s % partitions
    const o = ends[p] ?? 0
    ends[p] = o + 1
    if (s < lost.from || s >= lost.to) {
      stored[p]?.s.push(s)
      stored[p]?.o.push(o)
    }
    producer.line(`{"op":"acked","s":${numberOf(s)},"p":${p},"o":${o},"t":${ms(ackedUs(s))}}`)
  }
  let answered = 0
  const ackUpTo = (s: number) => {
    for (; answered < s; answered++) ack(answered)
  }
  for (let s = 0; s < messages; s++) {
    ackUpTo(s === lost.to ? s : s - inFlight)
    producer.line(`{"op":"sent","s":${numberOf(s)},"p":${s % partitions},"t":${ms(sentUs(s))}}`)
  }
  ackUpTo(messages)
  const reader = new Out(folder, 'reader')
  const t = ms(ackedUs(messages)) + 1000
  stored.forEach((log, p) => {
    log.s.forEach((s, at) =>
      reader.line(
        `{"op":"stored","s":${numberOf(s)},"p":${p},"o":${log.o[at] ?? 0},"e":${s < lost.from ? 0 : 1},"t":${t + p}}`,
      ),
    )
    reader.line(`{"op":"fence","p":${p},"o":${ends[p] ?? 0},"e":1,"t":${t + p}}`)
    reader.line(`{"op":"end","p":${p},"o":${(ends[p] ?? 0) + 1},"t":${t + p}}`)
  })
  writeRun(
    folder,
    lost,
    messages,
    ends.map((o, p): TrialEvent => ({ kind: 'fence', t, lane, p, o })),
  )
  const files = [producer.close(), reader.close()]
  return {
    lost: lost.to - lost.from,
    records: files.reduce((sum, file) => sum + file.records, 0),
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
  }
}

function writeRun(folder: string, lost: { from: number; to: number }, messages: number, fences: TrialEvent[]): void {
  const plan = planOf({ lost: 'acked-in(cut)' }, partitions)
  const run = {
    schema: 1,
    run: 'bench',
    seed: 1,
    plan,
    versions: {},
    images: {},
    capabilities: {},
    trials: { t: { phases: {} } },
  }
  writeFileSync(runPaths(folder).runFile, JSON.stringify(run))
  const { sentUs, ackedUs } = scheduleOf(lost)
  const open = ms(sentUs(lost.from)) - 0.01
  const close = ms(ackedUs(lost.to - 1)) + 0.01
  const leaders = (leader: number, epoch: number, t: number) =>
    Array.from({ length: partitions }, (_, p): TrialEvent => ({
      kind: 'leader',
      t,
      lane,
      p,
      leader,
      epoch,
      after: Math.max(0, t - 0.01),
    }))
  const fault = (t: number, id: string, name: string): TrialEvent[] => [
    { kind: 'fault', t, id, fault: name, target: 'leader', nodes: ['broker-1'] },
    { kind: 'injected', t, id },
    { kind: 'evidence', t, id, complete: true, evidence: {} },
  ]
  const seen: TrialEvent[] = [
    ...leaders(1, 0, 0),
    ...fault(open, 'cut-replication-1', 'cut-replication'),
    { kind: 'window-open', t: open, window: 'cut', quiesced: true },
    { kind: 'window-close', t: close, window: 'cut', quiesced: true },
    ...fault(close, 'crash-1', 'crash'),
    ...leaders(2, 1, close + 2000),
    { kind: 'recovered', t: ms(sentUs(messages)), seen: '' },
    { kind: 'observer', t: ms(sentUs(messages)), intervalMs: 100, longestGapMs: 100 },
  ]
  writeFileSync(
    trialPaths(folder, 't').events,
    [...seen, ...fences].map(event => `${JSON.stringify(event)}\n`).join(''),
  )
}

class Out {
  readonly #fd: number
  #text: string
  #records = 0
  #bytes = 0

  constructor(folder: string, role: string) {
    const path = laneFile(folder, 't', lane, `${role}-1`)
    mkdirSync(dirname(path), { recursive: true })
    this.#fd = openSync(path, 'w')
    this.#text = `${JSON.stringify({ lane, role, process: `${role}-1`, client: 'bench' })}\n`
  }

  line(text: string): void {
    this.#text += `${text}\n`
    this.#records += 1
    if (this.#text.length > flushCharacters) this.#flush()
  }

  close(): { records: number; bytes: number } {
    this.#flush()
    closeSync(this.#fd)
    return { records: this.#records, bytes: this.#bytes }
  }

  #flush(): void {
    this.#bytes += this.#text.length
    for (let bytes = Buffer.from(this.#text, 'latin1'); bytes.length > 0;)
      bytes = bytes.subarray(writeSync(this.#fd, bytes))
    this.#text = ''
  }
}
