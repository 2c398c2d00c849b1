/** The part of the trial that the drawings show. It is in the address, in seconds: `?from=12.5&to=18`. */
import type { TimeSpan } from '../../../timeline/lane-timeline.ts'
import type { TrialTimeline } from '../../../timeline/trial-timeline.ts'
import { seconds } from '../../../words/numbers.ts'
import { setQuery } from '../../route.ts'

const shortestMs = 20
/** Shown before the first fault and after the last one is healed. */
const marginMs = 1000

/** ms; the whole trial where the address names no part of it. */
export function shownSpan({ span }: TrialTimeline, query: URLSearchParams): TimeSpan {
  const ms = (name: string, otherwise: number) => {
    const text = query.get(name)
    const value = text === null ? NaN : Number(text) * 1000
    return Number.isFinite(value) ? Math.min(Math.max(value, span.from), span.to) : otherwise
  }
  const [from, to] = [ms('from', span.from), ms('to', span.to)]
  return to - from < shortestMs ? span : { from, to }
}

export function zoomTo({ from, to }: TimeSpan): void {
  if (to - from < shortestMs) return
  setQuery({ from: (from / 1000).toFixed(2), to: (to / 1000).toFixed(2) }, 'push')
}

export function TimeRange({ trial, shown }: { trial: TrialTimeline; shown: TimeSpan }) {
  const { span, faults } = trial
  const whole = shown.from === span.from && shown.to === span.to
  const aroundFaults = {
    from: Math.max(span.from, Math.min(...faults.map(({ at }) => at)) - marginMs),
    to: Math.min(span.to, Math.max(...faults.map(({ healedAt }) => healedAt ?? span.to)) + marginMs),
  }
  return (
    <p class="time-range">
      <span class="muted">
        {seconds(shown.from)} to {seconds(shown.to)} of the trial. Drag over a chart to see a part of it.
      </span>{' '}
      {faults.length > 0 && (
        <button type="button" class="more" onClick={() => zoomTo(aroundFaults)}>
          Around the faults
        </button>
      )}{' '}
      {!whole && (
        <button type="button" class="more" onClick={() => setQuery({ from: '', to: '' }, 'push')}>
          Whole trial
        </button>
      )}
    </p>
  )
}
