/** Which faults were tried at which roles: a grid of numbers, because a colour alone says nothing to some readers. */
import { pairName } from '../../../../../model/stress/stress.ts'
import type { StressResult } from '../../../../../model/stress/stress.ts'
import { coveredPairs } from '../../../stress/words.ts'

export function Coverage({ result }: { result: StressResult }) {
  const covered = coveredPairs(result)
  const faults = [...new Set(result.plan.pairs.map(({ fault }) => fault))]
  const targets = [...new Set(result.plan.pairs.map(({ target }) => target))]
  const known = new Set(result.plan.pairs.map(pairName))
  return (
    <div class="scroll" role="region" aria-label="Trials by fault and role" tabIndex={0}>
      <table class="list coverage">
        <thead>
          <tr>
            <th scope="col">fault</th>
            {targets.map(target => (
              <th scope="col" key={target}>
                {target}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {faults.map(fault => (
            <tr key={fault}>
              <th scope="row">{fault}</th>
              {targets.map(target => {
                const key = pairName({ fault, target })
                const times = covered.get(key) ?? 0
                return (
                  <td key={target} class={!known.has(key) ? 'none' : times > 0 ? 'done' : 'open'}>
                    {known.has(key) ? times : '–'}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
