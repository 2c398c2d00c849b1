/** Phrases that the explanations share. */
import type { LostRange } from './lane-facts.ts'

/** The messages that an explanation is about. */
export type Messages = Pick<LostRange, 'count' | 'each'>

export function count(messages: Pick<Messages, 'count'>): string {
  return messages.count === 1 ? '1 message' : `${messages.count} messages`
}

export const was = (messages: Pick<Messages, 'count'>): string => (messages.count === 1 ? 'was' : 'were')
export const it = (messages: Pick<Messages, 'count'>): string => (messages.count === 1 ? 'it' : 'them')

/** `broker 1`, `brokers 1 and 2`, `brokers 1, 2 and 3`. */
export function brokers(ids: readonly number[]): string {
  const sorted = [...new Set(ids)].toSorted((a, b) => a - b)
  const last = sorted.at(-1)
  return sorted.length < 2 ? `broker ${last ?? 'unknown'}` : `brokers ${sorted.slice(0, -1).join(', ')} and ${last}`
}

/** `offset 7`, `offsets 100–149`; `within offsets 59–179` where other messages are between them. */
export function offsets({ from, to }: { from: number; to: number }, messages: Pick<Messages, 'count'>): string {
  return from === to ? `offset ${from}` : `${to - from + 1 === messages.count ? '' : 'within '}offsets ${from}–${to}`
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

/** Least and greatest value. */
export function span(messages: Pick<Messages, 'each'>, value: (s: number) => number): { from: number; to: number } {
  let from = Infinity
  let to = -Infinity
  messages.each(s => {
    from = Math.min(from, value(s))
    to = Math.max(to, value(s))
  })
  return { from, to }
}
