/** What the cell was expected to do, and what it did. */
import type { CellPage } from '../../../page-data/page-data.ts'
import { number } from '../../../words/numbers.ts'

export function Expectations({ cell }: { cell: CellPage }) {
  return (
    <div class="scroll" role="region" tabIndex={0} aria-label="Expectations">
      <table class="list">
        <thead>
          <tr>
            <th scope="col">expected</th>
            <th scope="col">value</th>
            <th scope="col" class="right">
              got
            </th>
            <th scope="col">result</th>
          </tr>
        </thead>
        <tbody>
          {cell.expect.map(({ what, expected, actual, ok }, at) => (
            <tr key={at}>
              <th scope="row">{what}</th>
              <td>{expected}</td>
              <td class="right">{number(actual)}</td>
              <Result verdict={cell.verdict} ok={ok} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** In an inconclusive cell no number proves anything, not even a zero. */
function Result({ verdict, ok }: { verdict: CellPage['verdict']; ok: boolean }) {
  if (verdict === 'inconclusive') return <td class="inconclusive">not decided</td>
  return <td class={ok ? 'held' : 'violated'}>{ok ? 'as expected' : 'not as expected'}</td>
}
