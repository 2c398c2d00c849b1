/** Windows as sets of message numbers, from their opening and closing times. */
import type { TrialEvent } from '../history/events.ts'
import type { MessageTable } from './table.ts'

export interface Window {
  name: string
  openedAt: number
  closedAt: number
}

export function windowsOf(events: readonly TrialEvent[]): Window[] {
  const last = events.at(-1)?.t ?? 0
  return events.flatMap(event => {
    if (event.kind !== 'window-open') return []
    const close = events.find(other => other.kind === 'window-close' && other.window === event.window && other.t >= event.t)
    return [{ name: event.window, openedAt: event.t, closedAt: close?.t ?? last }]
  })
}

export const sentIn = (table: MessageTable, window: Window) => (s: number) => within(table.sentAt[s], window)

/** Sent and acknowledged inside. */
export const ackedIn = (table: MessageTable, window: Window) => (s: number) => within(table.sentAt[s], window) && within(table.ackedAt[s], window)

/** Sent inside and unanswered at its close. */
export const openAt = (table: MessageTable, window: Window) => (s: number) => {
  const answered = table.answeredAt[s] ?? -1
  return within(table.sentAt[s], window) && (answered < 0 || answered > window.closedAt)
}

/** Sent inside and never acknowledged. */
export const unackedIn = (table: MessageTable, window: Window) => (s: number) => within(table.sentAt[s], window) && !table.has(s, 'acked')

export const ackedBefore = (table: MessageTable, window: Window) => (s: number) => {
  const acked = table.ackedAt[s] ?? -1
  return acked >= 0 && acked < window.openedAt
}

function within(t: number | undefined, window: Window): boolean {
  return t !== undefined && t >= window.openedAt && t <= window.closedAt
}
