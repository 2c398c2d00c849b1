/** Losses by the disk: the log came back shorter, without any election taking it away. */
import { evidenceOf } from '../../../history/fault-evidence.ts'
import type { TrialEvent } from '../../../history/events.ts'
import type { Cause, CauseCode } from '../../../model/causes.ts'
import type { Evidence } from '../../shared/autopsy/evidence.ts'
import { count, offsets, span, was } from '../../shared/autopsy/words.ts'
import type { Messages } from '../../shared/autopsy/words.ts'

type Fault = Extract<TrialEvent, { kind: 'fault' }>

const disks: Record<string, { code: CauseCode; how: string }> = {
  'power-loss': { code: 'unsynced-pages', how: 'lost power before they were synced or written back' },
  'wipe-disk': { code: 'disk-wiped', how: 'came back with an empty disk' },
}

/**
 * All were acknowledged in one epoch by a leader whose disk was then hit, and the broker that led next, whose log begins
 * at or before their offsets, is that same broker or was hit with it: nobody else can have taken them away.
 */
export function lostWithDisk(p: number, messages: Messages, { lane, epochs, events }: Evidence): Cause | undefined {
  const { table, logs } = lane
  const at = span(messages, s => table.ackOffset.get(s))
  const sent = span(messages, s => table.sentAt.get(s))
  const acked = span(messages, s => table.ackedAt.get(s))
  const old = epochs.seenAround(p, sent.from, acked.to)
  if (at.from < 0 || !old) return undefined
  const next = logs.get(p)?.firstAfter(old.epoch)
  if (!next || next.offset > at.from) return undefined
  const elected = epochs.changes(p).find(change => change.epoch === next.epoch && change.leader >= 0)
  const hit = events.find(
    (event): event is Fault =>
      event.kind === 'fault' &&
      disks[event.fault] !== undefined &&
      event.t >= acked.to &&
      namesNode(event, old.leader) &&
      evidenceOf(event.id, events)?.complete === true,
  )
  const kind = hit && disks[hit.fault]
  if (!hit || !kind || !elected || elected.t < hit.t || !namesNode(hit, elected.leader)) return undefined
  const same = elected.leader === old.leader
  return {
    code: kind.code,
    text:
      `${count(messages)} (${offsets(at, messages)}) ${was(messages)} acknowledged by broker ${old.leader}, leader in epoch ${old.epoch}, which ${kind.how}` +
      `${same ? '' : `, as did broker ${elected.leader}, elected in epoch ${next.epoch}`}; its log went on at offset ${next.offset}.`,
  }
}

function namesNode(fault: Fault, id: number): boolean {
  return fault.nodes.includes(`broker-${id}`)
}
