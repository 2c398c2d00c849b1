/** The schedule of the trial, and its faults with their evidence. */
import type { TrialTimeline } from '../../../timeline/trial-timeline.ts'
import { seconds } from '../../../words/numbers.ts'
import { Value } from '../../parts/value.tsx'

export function Faults({ trial }: { trial: TrialTimeline }) {
  if (trial.faults.length === 0 && trial.schedule.length === 0) return null
  return (
    <section aria-labelledby="faults">
      <h2 id="faults">Schedule, faults and their evidence</h2>
      {trial.schedule.length > 0 && (
        <ol class="schedule">
          {trial.schedule.map((step, at) => (
            <li key={at}>{step}</li>
          ))}
        </ol>
      )}
      {trial.faults.map((fault, at) => (
        <div class="fault" key={at}>
          <h3>
            <bdi>
              {fault.fault} {fault.target}
            </bdi>{' '}
            <span class="muted">
              (<bdi>{fault.node}</bdi>)
            </span>
          </h3>
          <p class="muted">
            {seconds(fault.at)}
            {fault.healedAt === undefined ? ', not healed' : ` to ${seconds(fault.healedAt)}`}. Evidence:
          </p>
          <div class="evidence">
            {Object.keys(fault.evidence).length === 0 ? <p>none</p> : <Value value={fault.evidence} />}
          </div>
        </div>
      ))}
    </section>
  )
}
