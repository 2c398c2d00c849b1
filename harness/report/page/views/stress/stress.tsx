/** A stress: what was found, which faults at which roles were tried, and what the trials showed. */
import type { StressResult } from '../../../../../model/stress/stress.ts'
import type { RunPage } from '../../../page-data/page-data.ts'
import { count, coverageText, duration, headline, inconclusiveReasons } from '../../../stress/words.ts'
import { plural } from '../../../words/numbers.ts'
import { Coverage } from './coverage.tsx'
import { Findings } from './findings.tsx'
import { Novelty } from './novelty.tsx'
import { Schedules } from './schedules.tsx'

export function Stress({ data, stress: result }: { data: RunPage; stress: StressResult }) {
  const { plan, trials, findings, seconds, refused } = result
  const system = data.systems[plan.system]?.label ?? plan.system
  const broken = findings.filter(({ kind }) => kind === 'broken')
  const reasons = inconclusiveReasons(trials)
  return (
    <>
      <h1 tabIndex={-1}>
        Stress of your {system} settings:{' '}
        {broken.length > 0
          ? `${plural(broken.length, 'finding')} in ${plural(trials.length, 'trial')}`
          : 'no promise broken'}
      </h1>
      <p class="lead">{headline(result)}</p>
      <Findings findings={findings} cells={data.cells} run={result.run} />
      <section aria-labelledby="coverage">
        <h2 id="coverage">Coverage</h2>
        <p>
          {coverageText(result)} in {plural(trials.length, 'trial')} and {duration(seconds)}, seed {plan.seed}:{' '}
          {count(trials, 'kept')} kept every message, {count(trials, 'near-miss')} lost some only with neighbouring
          settings, {count(trials, 'inconclusive')} were inconclusive.
        </p>
        <Coverage result={result} />
      </section>
      <Novelty trials={trials} />
      <Schedules trials={trials} />
      {(reasons.length > 0 || Object.keys(refused).length > 0) && (
        <section aria-labelledby="reasons">
          <h2 id="reasons">What said nothing</h2>
          <ul>
            {reasons.map(({ reason, times }) => (
              <li key={reason}>
                inconclusive, {times} ×: {reason}
              </li>
            ))}
            {Object.entries(refused).map(([reason, times]) => (
              <li key={reason}>
                refused by the planner, {times} ×: {reason}
              </li>
            ))}
          </ul>
        </section>
      )}
      {plan.notDrawn.length > 0 && (
        <details>
          <summary>What cannot be drawn for these settings on this machine</summary>
          <ul>
            {plan.notDrawn.map(({ what, reason }) => (
              <li key={what}>
                {what}: {reason}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}
