/** The events of the trial that concern this cell, as sentences. */
import type { TrialTimeline } from '../../../timeline/trial-timeline.ts'
import { plural, seconds } from '../../../words/numbers.ts'

export function EventList({ trial, lane }: { trial: TrialTimeline; lane: string }) {
  const shown = trial.events.filter(event => event.lane === undefined || event.lane === lane)
  if (shown.length === 0) return null
  return (
    <details>
      <summary>{plural(shown.length, 'event')}</summary>
      <ol class="plain events">
        {shown.map(({ t, text }, at) => (
          <li key={at}>
            <span class="time">{seconds(t)}</span> <bdi>{text}</bdi>
          </li>
        ))}
      </ol>
    </details>
  )
}
