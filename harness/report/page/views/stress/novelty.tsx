/** How many different things the trials have shown, over the time: a flat end says that more of the same adds little. */
import type { StressTrial } from '../../../../../model/stress/stress.ts'
import { Plot } from '../../parts/plot.tsx'

export function Novelty({ trials }: { trials: readonly StressTrial[] }) {
  if (trials.length < 2) return null
  const ordered = trials.toSorted((a, b) => a.at - b.at)
  let sum = 0
  const values = ordered.map(({ fresh }) => (sum += fresh.length))
  return (
    <section aria-labelledby="novelty">
      <h2 id="novelty">Novelty</h2>
      <p>Elections, ISR sizes, outcomes and other things that no earlier trial had shown.</p>
      <Plot
        label={`Different things seen over the time: ${sum} after ${ordered.length} trials`}
        x={ordered.map(({ at }) => at)}
        series={[{ label: 'seen', values, colour: 'held', points: true }]}
        unit=""
        xUnit="s"
      />
    </section>
  )
}
