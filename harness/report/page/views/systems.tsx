/** Systems and versions beside each other, a row for each fault. */
import { kindWords, variedSettings } from '../../page-data/kinds.ts'
import { sideBySide } from '../../claims/side-by-side.ts'
import type { Range, SideCell, SideEntry } from '../../claims/side-by-side.ts'
import { ms, number, settingsWords } from '../format.ts'
import { KindBadge } from '../parts/verdict.tsx'
import { Words } from '../parts/words.tsx'

const systemNames: Record<string, string> = { kafka: 'Kafka', rocketmq: 'RocketMQ' }

export function Systems({ cells, link }: { cells: SideCell[]; link: (id: string) => string }) {
  const { columns, rows } = sideBySide(cells)
  const varied = new Map(
    [...Map.groupBy(cells, ({ scenario }) => scenario)].map(([scenario, members]) => [
      scenario,
      variedSettings(members),
    ]),
  )
  return (
    <>
      <h1 tabIndex={-1}>Side by side: the same fault, different systems</h1>
      <p class="lead">
        A row is what was done to the cluster; RocketMQ’s master stands beside Kafka’s leader. Of several runs: the last
        verdict, least and most lost where it could be told, the median of times.
      </p>
      <div class="scroll" role="region" tabIndex={0} aria-label="Systems under the same fault">
        <table class="sides">
          <thead>
            <tr>
              <th scope="col">fault</th>
              {columns.map(({ system, version }) => (
                <th key={`${system} ${version}`} scope="col">
                  {systemNames[system] ?? system}{' '}
                  {version === '' ? <span class="muted">of unknown version</span> : version}
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

function Entry({ entry, varied, link }: { entry: SideEntry; varied: readonly string[]; link: (id: string) => string }) {
  const { cell, kind, lost, unavailableMs, runs } = entry
  const name = settingsWords(cell, varied)
  const figures = [
    ...(lost === undefined ? [] : [`${between(lost)} lost`]),
    ...(entry.skipped === undefined || entry.skipped.most === 0 ? [] : [`${between(entry.skipped)} skipped`]),
    ...(unavailableMs === undefined ? [] : [`${ms(unavailableMs)} without service`]),
    ...(entry.kinds.length > 1
      ? [`of ${runs} runs ${entry.kinds.map(one => `${one.runs} ${kindWords[one.kind].name}`).join(', ')}`]
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
