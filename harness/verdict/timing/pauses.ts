/**
 * When the harness paused the producers. This time says nothing about the cluster, so recovery figures leave it out.
 */
import type { TrialEvent } from '../../../history/events.ts'

export interface Pause {
  from: number
  to: number
}

/** In order, not overlapping: from `producers` events where the history has any, else from the edges of quiesced windows. */
export function pausesOf(events: readonly TrialEvent[]): Pause[] {
  const recorded = events.some(event => event.kind === 'producers')
  return merged(recorded ? recordedPauses(events) : impliedPauses(events))
}

/** Milliseconds of `pauses` between `from` and `to`. */
export function pausedBetween(pauses: readonly Pause[], from: number, to: number): number {
  return pauses.reduce((sum, pause) => sum + Math.max(0, Math.min(to, pause.to) - Math.max(from, pause.from)), 0)
}

function recordedPauses(events: readonly TrialEvent[]): Pause[] {
  const pauses: Pause[] = []
  let from: number | undefined
  for (const event of events) {
    if (event.kind !== 'producers') continue
    if (event.paused) from ??= event.t
    else if (from !== undefined) {
      pauses.push({ from, to: event.t })
      from = undefined
    }
  }
  return from === undefined ? pauses : [...pauses, { from, to: Infinity }]
}

/**
 * Pauses that quiesced windows imply; there may have been more. A step pauses producers until it has closed the window
 * before it, injected, healed and opened its own window. Producers go on while replicas recover.
 */
function impliedPauses(events: readonly TrialEvent[]): Pause[] {
  const pauses: Pause[] = []
  let from: number | undefined
  /** Whether producers are surely paused. A step alone does not prove it. */
  let sure = false
  for (const event of events) {
    const { t } = event
    if (event.kind === 'step') {
      from = t
      sure = false
    } else if (event.kind === 'window-close') {
      from = event.quiesced ? (from ?? t) : undefined
      sure = event.quiesced
    } else if (event.kind === 'window-open') {
      if (event.quiesced && from !== undefined) pauses.push({ from, to: t })
      from = undefined
    } else if (event.kind === 'recovered') from = undefined
    const still = event.kind === 'window-close' || event.kind === 'injected' || event.kind === 'healed'
    if (still && sure && from !== undefined) pauses.push({ from, to: t })
  }
  return pauses
}

function merged(pauses: readonly Pause[]): Pause[] {
  const result: Pause[] = []
  for (const pause of pauses.toSorted((a, b) => a.from - b.from)) {
    const last = result.at(-1)
    if (last && pause.from <= last.to) last.to = Math.max(last.to, pause.to)
    else result.push({ ...pause })
  }
  return result
}
