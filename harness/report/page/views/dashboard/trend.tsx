/** Losses and recovery times of one cell over several runs. */
import { lostCount } from '../../../words/counts.ts'
import { kindOf } from '../../../words/kinds.ts'
import { duration, number, plural } from '../../../words/numbers.ts'
import { resultOf } from '../../../words/results.ts'
import { settingValue } from '../../../words/settings.ts'
import type { CellFacts, DashboardPage } from '../../../page-data/page-data.ts'
import { shortRunTime } from '../../run-time.ts'
import { Plot } from '../../parts/plot.tsx'
import { KindBadge } from '../../parts/verdict.tsx'

export function Trend({ data, cell }: { data: DashboardPage; cell: CellFacts }) {
  const found = data.runs.flatMap(run => {
    const point = run.cells.find(({ id }) => id === cell.id)
    return point ? [{ run, point }] : []
  })
  const x = found.map((_, at) => at + 1)
  const name = (at: number) => (Number.isInteger(at) ? shortRunTime(found[at - 1]?.run.run ?? '') : '')
  const lost = found.map(({ point }) => lostCount(point.counts))
  const range: [number, number] = [0.5, found.length + 0.5]
  const versions = found.map(({ run }) => run.versions[cell.system])
  const changed = versions.flatMap((version, at) =>
    at > 0 && version !== versions[at - 1] ? [{ at: at + 0.5, version: version ?? 'unknown' }] : [],
  )
  const marks = changed.map(({ at }) => at)
  return (
    <article>
      <p class="crumbs">
        <a href="#/">All cells</a> <span aria-hidden="true">/</span> {data.systems[cell.system]?.label ?? cell.system}{' '}
        <span aria-hidden="true">/</span> {cell.scenario}
      </p>
      <h1 tabIndex={-1}>{cell.id}</h1>
      <p class="lead">
        {plural(found.length, 'run')}.{' '}
        {Object.entries(cell.settings)
          .map(([setting, value]) => `${setting}=${settingValue(value)}`)
          .join(', ')}
      </p>
      {changed.length > 0 && (
        <p class="muted">
          Vertical lines: the first run of another version ({versions[0] ?? 'unknown'}
          {changed.map(({ version }) => ` → ${version}`).join('')}).
        </p>
      )}
      <h2>Recovery</h2>
      <Plot
        label={`Recovery over ${plural(found.length, 'run')}; the table below has the figures`}
        x={x}
        range={range}
        unit="s"
        xUnit="run"
        xValue={name}
        integerLabelWidth={120}
        marks={marks}
        series={[
          {
            label: 'longest time without an acknowledgement',
            values: found.map(({ point }) => inSeconds(point.recovery.unavailableMs)),
            colour: 'violated',
            points: true,
          },
          {
            label: 'time from the fault to the first acknowledgement',
            values: found.map(({ point }) => inSeconds(point.recovery.firstAckMs)),
            colour: 'expected-loss',
            dash: [6, 3],
            points: true,
          },
        ]}
      />
      <h2>Loss</h2>
      <Plot
        label={`Messages lost over ${plural(found.length, 'run')}; the table below has the figures`}
        x={x}
        range={range}
        unit=""
        xUnit="run"
        xValue={name}
        integerLabelWidth={120}
        marks={marks}
        series={[{ label: 'messages lost', values: lost, colour: 'violated', points: true, fill: true }]}
      />
      <div class="scroll" role="region" tabIndex={0} aria-label="Figures of each run">
        <table class="list">
          <thead>
            <tr>
              <th scope="col">run</th>
              <th scope="col">version</th>
              <th scope="col" class="right">
                sent
              </th>
              <th scope="col">kept?</th>
              <th scope="col">cost</th>
              <th scope="col" class="right">
                first acknowledgement
              </th>
              <th scope="col" class="right">
                longest outage
              </th>
              <th scope="col">verdict</th>
            </tr>
          </thead>
          <tbody>
            {found.toReversed().map(({ run, point }) => (
              <tr key={run.run}>
                <th scope="row">
                  {run.href === undefined ? (
                    run.run
                  ) : (
                    <a href={`${run.href}#/cell/${encodeURIComponent(cell.id)}`}>{run.run}</a>
                  )}
                </th>
                <td>{run.versions[cell.system] ?? '–'}</td>
                <td class="right">{number(point.counts.sent)}</td>
                <td>{resultOf(point).kept}</td>
                <td>{resultOf(point).cost || '–'}</td>
                <td class="right">{duration(point.recovery.firstAckMs)}</td>
                <td class="right">{duration(point.recovery.unavailableMs)}</td>
                <td>
                  <KindBadge kind={kindOf(point)} text={resultOf(point).headline} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </article>
  )
}

const inSeconds = (value: number | undefined) => (value === undefined ? null : Math.round(value / 10) / 100)
