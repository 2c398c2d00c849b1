/** Systems and versions side by side, with one row for each fault. */
import { kindWords } from '../../words/kinds.ts'
import { duration, number } from '../../words/numbers.ts'
import { settingsText, variedByScenario } from '../../words/settings.ts'
import type { SystemWords } from '../../words/systems.ts'
import { sideBySide } from '../../compare/side-by-side.ts'
import type { Range, CellOverRuns, CellSummary } from '../../compare/side-by-side.ts'
import { KindBadge } from '../parts/verdict.tsx'
import { Words } from '../parts/words.tsx'

export function Systems({
  cells,
  words,
  link,
}: {
  cells: CellOverRuns[]
  words: Readonly<Record<string, SystemWords>>
  link: (id: string) => string
}) {
  const { columns, rows } = sideBySide(
    cells,
    Object.fromEntries(Object.entries(words).map(([id, { commonRoles }]) => [id, commonRoles])),
  )
  const varied = variedByScenario(cells)
  return (
    <>
      <h1 tabIndex={-1}>Side by side: the same fault, different systems</h1>
      <p class="lead">
        Each row is one fault. Roles that systems name differently, such as leader and master, share a row. For several
        runs: the verdict of the last, the smallest and largest loss of the runs with a verdict, and median times.
      </p>
      <div class="scroll" role="region" tabIndex={0} aria-label="Systems under the same fault">
        <table class="sides">
          <thead>
            <tr>
              <th scope="col">fault</th>
              {columns.map(({ system, version }) => (
                <th key={`${system} ${version}`} scope="col">
                  {words[system]?.label ?? system}{' '}
                  {version === '' ? <span class="muted">unknown version</span> : version}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ fault, entries }) => (
              <tr key={fault}>
                <th scope="row">{fault}</th>
                {entries.map((column, at) => (
                  <td key={at}>
                    {column.length === 0 ? (
                      <span class="muted">not run</span>
                    ) : (
                      <ul class="sides-list">
                        {column.map(entry => (
                          <Entry
                            key={entry.cell.id}
                            entry={entry}
                            varied={varied.get(entry.cell.scenario) ?? []}
                            link={link}
                          />
                        ))}
                      </ul>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

function Entry({
  entry,
  varied,
  link,
}: {
  entry: CellSummary
  varied: readonly string[]
  link: (id: string) => string
}) {
  const { cell, kind, lost, unavailableMs, runs } = entry
  const name = settingsText(cell, varied)
  const figures = [
    ...(lost === undefined ? [] : [`lost ${between(lost)}`]),
    ...(entry.skipped === undefined || entry.skipped.most === 0 ? [] : [`skipped ${between(entry.skipped)}`]),
    ...(unavailableMs === undefined ? [] : [`${duration(unavailableMs)} without an acknowledgement`]),
    ...(entry.kinds.length > 1
      ? [`${runs} runs: ${entry.kinds.map(one => `${one.runs} ${kindWords[one.kind].name}`).join(', ')}`]
      : runs > 1
        ? [`${runs} runs`]
        : []),
  ]
  return (
    <li>
      <KindBadge kind={kind} />
      <span>
        <a href={link(cell.id)}>
          <Words text={`${cell.scenario}${name === '' ? '' : `: ${name}`}`} />
        </a>{' '}
        <span class="muted">{figures.join(', ')}</span>
      </span>
    </li>
  )
}

const between = ({ least, most }: Range) => (least === most ? number(most) : `${number(least)}–${number(most)}`)
