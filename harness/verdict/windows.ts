/**
 * Windows as sets of message numbers, from their opening and closing times. A window that opened and closed with producers
 * paused has sharp edges. Where load went on, messages that were in flight at an edge are open: they may be in the set.
 */
import type { TrialEvent } from '../../history/events.ts'
import type { MessageTable } from '../check/table/table.ts'

export interface Window {
  name: string
  openedAt: number
  closedAt: number
  /** When its own fault may have begun to act, and when the next one surely had. Equal to the two above when quiesced. */
  edgeFrom: number
  edgeTo: number
}

/** A follower fetches what the leader appended within so much; ms. */
const fetchMarginMs = 250

export function windowsOf(events: readonly TrialEvent[]): Window[] {
  const last = events.at(-1)?.t ?? 0
  return events.flatMap(event => {
    if (event.kind !== 'window-open') return []
    const close = events.find(
      other => other.kind === 'window-close' && other.window === event.window && other.t >= event.t,
    )
    const closedAt = close?.t ?? last
    const sharpClose = close?.kind === 'window-close' && close.quiesced
    return [
      {
        name: event.window,
        openedAt: event.t,
        closedAt,
        edgeFrom: event.quiesced ? event.t : (causeOf(event.window, events)?.t ?? event.t) - fetchMarginMs,
        edgeTo: sharpClose
          ? closedAt
          : (events.find(other => other.kind === 'injected' && other.t >= closedAt)?.t ?? closedAt),
      },
    ]
  })
}

function causeOf(window: string, events: readonly TrialEvent[]): TrialEvent | undefined {
  return events.find(event => event.kind === 'fault' && event.window === window)
}

export const sentIn = (table: MessageTable, window: Window) => (s: number) => within(table.sentAt.get(s), window)

/** Sent after the window closed. */
export const sentAfter = (table: MessageTable, window: Window) => (s: number) => table.sentAt.get(s) > window.closedAt

/** Sent and acknowledged inside. */
export const ackedIn = (table: MessageTable, window: Window) => (s: number) =>
  within(table.sentAt.get(s), window) && within(table.ackedAt.get(s), window)

/** Sent inside and unanswered at its close, or under way at an edge that is not sharp. */
export const openAt = (table: MessageTable, window: Window) => (s: number) => {
  const sent = table.sentAt.get(s)
  if (sent < 0) return false
  const answered = table.answeredAt(s)
  const unanswered = answered < 0 || answered > window.closedAt
  if (within(sent, window)) return unanswered
  const atOpening = sent < window.openedAt && (answered < 0 || answered >= window.edgeFrom)
  const atClose = sent > window.closedAt && sent <= window.edgeTo
  return window.edgeFrom < window.openedAt && atOpening ? true : atClose
}

/** Sent inside and never acknowledged. */
export const unackedIn = (table: MessageTable, window: Window) => (s: number) =>
  within(table.sentAt.get(s), window) && !table.has(s, 'acked')

/** Acknowledged before anything of the window's fault could act. */
export const ackedBefore = (table: MessageTable, window: Window) => (s: number) => {
  const acked = table.ackedAt.get(s)
  return acked >= 0 && acked < window.edgeFrom
}

/** Acknowledged before the window opened, but perhaps after its fault had begun to act. */
export const ackedAtOpening = (table: MessageTable, window: Window) => (s: number) => {
  const acked = table.ackedAt.get(s)
  return acked >= window.edgeFrom && acked < window.openedAt
}

function within(t: number, window: Window): boolean {
  return t >= window.openedAt && t <= window.closedAt
}
