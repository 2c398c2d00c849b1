/** What differs between the newest run and the one before it, worst first. */
import { statuses, statusMeanings } from '../../../compare/comparison.ts'
import type { Status } from '../../../compare/comparison.ts'
import type { DashboardChanges } from '../../../page-data/page-data.ts'
import { plural } from '../../../words/numbers.ts'
import { Words } from '../../parts/words.tsx'

/** Further changes are in the table of all cells. */
const mostShown = 100

/** The colour of the verdict that is as good or bad. */
const looks: Partial<Record<Status, string>> = {
  'newly violated': 'violated',
  vanished: 'violated',
  worse: 'inconclusive',
  'worse figures': 'inconclusive',
  'known violation': 'violated',
  fixed: 'held',
  better: 'held',
}

/** How many cells changed in which way, with a link to the table. */
export function ChangesLead({ changes: { cells } }: { changes: DashboardChanges }) {
  const counts = statuses.flatMap(status => {
    const count = cells.filter(cell => cell.status === status).length
    return count === 0 ? [] : [`${count} ${status}`]
  })
  return (
    <p class="lead">
      Since the run before:{' '}
      <a
        href="#changes"
        onClick={event => {
          // The part of the address after # names the view.
          event.preventDefault()
          document.getElementById('changes')?.scrollIntoView()
        }}
      >
        {counts.join(', ') || 'every cell ended as before'}
      </a>
      .
    </p>
  )
}

export function Changes({ changes }: { changes: DashboardChanges }) {
  const { before, after, versions, cells, unchanged } = changes
  return (
    <section aria-labelledby="changes">
      <h2 id="changes">What changed since the run before</h2>
      <p class="muted">
        <bdi>{before}</bdi> → <bdi>{after}</bdi>
        {versions.length > 0 && `; ${versions.join('; ')}`}; {plural(unchanged, 'cell')} as before.
      </p>
      {cells.length > 0 && (
        <div class="scroll" role="region" tabIndex={0} aria-label="Changed cells">
          <table class="list">
            <thead>
              <tr>
                <th scope="col">change</th>
                <th scope="col">cell</th>
                <th scope="col">from and to</th>
              </tr>
            </thead>
            <tbody>
              {cells.slice(0, mostShown).map(({ id, status, text, details }) => (
                <tr key={id}>
                  <td class={looks[status] ?? ''} title={statusMeanings[status]}>
                    {status}
                  </td>
                  <th scope="row">
                    <a href={`#/trend/${encodeURIComponent(id)}`}>
                      <Words text={id} />
                    </a>
                  </th>
                  <td>
                    {text}
                    {details.map(detail => (
                      <div class="muted" key={detail}>
                        <bdi>{detail}</bdi>
                      </div>
                    ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {cells.length > mostShown && <p class="muted">{plural(cells.length - mostShown, 'further change')}.</p>}
    </section>
  )
}
