/**
 * Windows as sets of messages, by row, from their opening and closing times. A window that opened and closed with producers
 * paused has sharp edges. Where load went on, messages that were in flight at an edge are open: they may be in the set.
 */
import type { TrialEvent } from '../../history/events.ts'
import { flag } from '../check/table/table.ts'
import type { MessageTable } from '../check/table/table.ts'

export interface Window {
  name: string
  openedAt: number
  closedAt: number
  /** When the injection that opened it began; equal to `openedAt` when producers were paused. */
  edgeFrom: number
  /** When the step that closed it ended; equal to `closedAt` when producers were paused. */
  edgeTo: number
}

export function windowsOf(events: readonly TrialEvent[]): Window[] {
  const last = events.at(-1)?.t ?? 0
  return events.flatMap(event => {
    if (event.kind !== 'window-open') return []
    const closing = events.findIndex(
      other => other.kind === 'window-close' && other.window === event.window && other.t >= event.t,
    )
    const close = events[closing]
    const closedAt = close?.t ?? last
    const isSharpClose = close?.kind !== 'window-close' || close.quiesced
    return [
      {
        name: event.window,
        openedAt: event.t,
        closedAt,
        edgeFrom: event.quiesced ? event.t : injectionOf(event.window, event.t, events),
        edgeTo: isSharpClose ? closedAt : endOfStep(closing, closedAt, events),
      },
    ]
  })
}

/** When the fault that opened the window began to be injected. */
function injectionOf(window: string, openedAt: number, events: readonly TrialEvent[]): number {
  const faults = events.filter(event => event.kind === 'fault' && event.window === window && event.t <= openedAt)
  return faults[0]?.t ?? openedAt
}

/** When the step that closed a window had injected and healed all that it does. */
function endOfStep(closing: number, closedAt: number, events: readonly TrialEvent[]): number {
  const after = events.slice(closing + 1)
  const next = after.findIndex(({ kind }) => kind === 'step' || kind === 'recovered')
  const ofStep = next < 0 ? after : after.slice(0, next)
  return ofStep.reduce((end, event) => Math.max(end, endOf(event, events) ?? closedAt), closedAt)
}

/** When what the event began was done; undefined for events that do nothing to the cluster. */
function endOf(event: TrialEvent, events: readonly TrialEvent[]): number | undefined {
  if (event.kind === 'healed' || event.kind === 'window-open') return event.t
  if (event.kind !== 'fault') return undefined
  return events.find(other => other.kind === 'injected' && other.id === event.id)?.t ?? event.t
}

export const sentIn = (table: MessageTable, window: Window) => (row: number) => within(table.sentAt.get(row), window)

/** Sent after the window closed. */
export const sentAfter = (table: MessageTable, window: Window) => (row: number) =>
  table.sentAt.get(row) > window.closedAt

/** One attempt was sent and acknowledged inside. */
export const ackedIn = (table: MessageTable, window: Window) => {
  const isInside = (sentAt: number, ackedAt: number) => within(sentAt, window) && within(ackedAt, window)
  return (row: number) => table.someAckedAttempt(row, isInside)
}

/**
 * Sent inside and unanswered at its close, or in flight at an edge that is not sharp. A message of which nobody knows when
 * it was sent may have been in flight at any time before its answer.
 */
export const openAt = (table: MessageTable, window: Window) => {
  const wasOpen = (sentAt: number, ackedAt: number) => isOpen(sentAt, ackedAt, window)
  return (row: number) =>
    table.isUntimed(row)
      ? table.answeredAt(row) < 0 || table.answeredAt(row) >= window.edgeFrom
      : wasOpen(table.sentAt.get(row), table.answeredAt(row)) || table.someAckedAttempt(row, wasOpen)
}

/** `answered`: -1 where no answer came. */
function isOpen(sent: number, answered: number, { openedAt, closedAt, edgeFrom, edgeTo }: Window): boolean {
  if (sent < 0) return false
  if (sent >= openedAt && sent <= closedAt) return answered < 0 || answered > closedAt
  if (sent > closedAt) return sent <= edgeTo
  return edgeFrom < openedAt && (answered < 0 || answered >= edgeFrom)
}

/** Sent inside and never acknowledged. */
export const unackedIn = (table: MessageTable, window: Window) => (row: number) =>
  within(table.sentAt.get(row), window) && !table.has(row, flag.acked)

/** Acknowledged before anything of the window's fault could act. */
export const ackedBefore = (table: MessageTable, window: Window) => (row: number) => {
  const acked = table.ackedAt.get(row)
  return acked >= 0 && acked < window.edgeFrom
}

/** How long a leader that waits for nobody may take to hand on what it acknowledged, in ms. */
const copyTime = 1000

/**
 * Acknowledged right before the fault of a window began to act, where load went on. A leader that acknowledges without
 * waiting for others may not have handed these messages on yet. They are then the end of their partition: nothing that was
 * acknowledged before the fault and stored behind them is still there.
 */
export const perhapsNotCopied = (table: MessageTable, window: Window): ((row: number) => boolean) => {
  if (window.edgeFrom === window.openedAt) return () => false
  const isBefore = (row: number) => table.ackedAt.get(row) >= 0 && table.ackedAt.get(row) < window.edgeFrom
  /** The last offset of each partition that was acknowledged before the fault and is still there. */
  const ends = new Map<number, number>()
  for (let row = 0; row < table.rows; row++) {
    if (!isBefore(row) || table.copies.get(row) === 0) continue
    const partition = table.partition(row)
    ends.set(partition, Math.max(ends.get(partition) ?? -1, table.ackOffset.get(row)))
  }
  return row =>
    isBefore(row) &&
    table.ackedAt.get(row) >= window.edgeFrom - copyTime &&
    table.ackOffset.get(row) > (ends.get(table.partition(row)) ?? -1)
}

/** Acknowledged before the window opened, but perhaps after its fault had begun to act. */
export const ackedAtOpening = (table: MessageTable, window: Window) => (row: number) => {
  const acked = table.ackedAt.get(row)
  return acked >= window.edgeFrom && acked < window.openedAt
}

function within(t: number, window: Window): boolean {
  return t >= window.openedAt && t <= window.closedAt
}
