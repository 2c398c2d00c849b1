/**
 * When the harness itself kept producers from sending. What they could not do then says nothing about the cluster, so
 * recovery figures leave that time out.
 */
import type { TrialEvent } from '../../../history/events.ts'

export interface Pause {
  from: number
  to: number
}

/** In order, not overlapping. The history's own word (`producers`) where it has any, else what quiesced windows imply. */
export function pausesOf(events: readonly TrialEvent[]): Pause[] {
  const told = events.some(event => event.kind === 'producers')
  return merged(told ? toldPauses(events) : impliedPauses(events))
}

/** Milliseconds of `pauses` between `from` and `to`. */
export function pausedBetween(pauses: readonly Pause[], from: number, to: number): number {
  return pauses.reduce((sum, pause) => sum + Math.max(0, Math.min(to, pause.to) - Math.max(from, pause.from)), 0)
}

function toldPauses(events: readonly TrialEvent[]): Pause[] {
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
 * What the quiesced edges of windows imply, which is less than the whole: a step pauses producers until it has closed the
 * window before it, injected, healed and opened its own. They go on while replicas recover.
 */
function impliedPauses(events: readonly TrialEvent[]): Pause[] {
  const pauses: Pause[] = []
  let from: number | undefined
  /** Whether producers are surely paused: a step alone does not say so. */
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
