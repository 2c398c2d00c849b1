/** Systems side by side: one unsafe and one safe setting for each subject on which both have a claim. */
import type { DashboardPage } from '../../../page-data/page-data.ts'
import { Icon } from '../../parts/verdict.tsx'
import { Words } from '../../parts/words.tsx'

export function Subjects({ data }: { data: DashboardPage }) {
  const systems = [...new Set(data.subjects.flatMap(({ examples }) => examples.map(({ system }) => system)))]
  if (data.subjects.length === 0) return null
  return (
    <section aria-labelledby="subjects">
      <h2 id="subjects">Unsafe beside safe</h2>
      <div class="scroll" role="region" tabIndex={0} aria-label="Subjects">
        <table class="sides">
          <thead>
            <tr>
              <th scope="col">subject</th>
              {systems.map(system => (
                <th scope="col" key={system}>
                  {data.systems[system]?.label ?? system}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.subjects.map(({ subject, examples }) => (
              <tr key={subject}>
                <th scope="row">{subject}</th>
                {examples.map(({ system, faults, cells }) => (
                  <td key={system}>
                    {cells.length === 0 ? (
                      <span class="muted">no claim was shown</span>
                    ) : (
                      <>
                        <div class="muted">{faults || 'no fault'}</div>
                        <ul class="sides-list with-icons">
                          {cells.map(({ id, name, kind, text }) => (
                            <li key={id}>
                              <span class={kind}>
                                <Icon kind={kind} />
                              </span>
                              <span>
                                <Words text={name} />: <a href={`#/trend/${encodeURIComponent(id)}`}>{text}</a>
                              </span>
                            </li>
                          ))}
                        </ul>
                      </>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
