/** Every schedule that was tried, the latest first. */
import type { StressTrial, TrialOutcome } from '../../../../../model/stress/stress.ts'
import { scheduleWords } from '../../../../stress/finish/words.ts'
import { outcomeWords } from '../../../stress/words.ts'
import type { Kind } from '../../../words/kinds.ts'
import { plural } from '../../../words/numbers.ts'
import { Icon } from '../../parts/verdict.tsx'

const kinds: Readonly<Record<TrialOutcome, Kind>> = {
  broken: 'violated',
  'judge-failed': 'inconclusive',
  'not-recovered': 'inconclusive',
  'client-failed': 'inconclusive',
  'near-miss': 'expected-loss',
  inconclusive: 'inconclusive',
  kept: 'held',
}
const mostRows = 500

export function Schedules({ trials }: { trials: readonly StressTrial[] }) {
  const shown = trials.toSorted((a, b) => b.draw.number - a.draw.number).slice(0, mostRows)
  return (
    <details>
      <summary>{plural(trials.length, 'schedule')} tried</summary>
      <div class="scroll" role="region" aria-label="Schedules" tabIndex={0}>
        <table class="list">
          <thead>
            <tr>
              <th scope="col">trial</th>
              <th scope="col">outcome</th>
              <th scope="col">schedule</th>
              <th scope="col">drawn as</th>
              <th scope="col">new</th>
              <th scope="col">seconds</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ draw, outcome, broken, fresh, seconds }) => (
              <tr key={draw.number}>
                <th scope="row">{draw.number}</th>
                <td>
                  <span class={`badge ${kinds[outcome]}`}>
                    <Icon kind={kinds[outcome]} />
                    {outcomeWords[outcome]}
                  </span>{' '}
                  {[...new Set(broken.map(({ cause }) => cause))].join(', ')}
                </td>
                <td>{scheduleWords(draw)}</td>
                <td>{draw.from === undefined ? draw.kind : `${draw.kind} of ${draw.from}`}</td>
                <td>{fresh.join(', ')}</td>
                <td class="right">{Math.round(seconds)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
