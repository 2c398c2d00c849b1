/** All figures of the cell: recovery times, load, counts and windows. */
import type { CellPage } from '../../../page-data/page-data.ts'
import type { TrialTimeline } from '../../../timeline/trial-timeline.ts'
import { duration, number, plural } from '../../../words/numbers.ts'

export function Figures({ cell, trial }: { cell: CellPage; trial: TrialTimeline | undefined }) {
  const { recovery, load, counts } = cell
  const figures = [
    [
      'time from the fault to the first acknowledgement',
      recovery.firstAckMs === undefined ? undefined : duration(recovery.firstAckMs),
    ],
    [
      'longest time without an acknowledgement',
      recovery.unavailableMs === undefined ? undefined : duration(recovery.unavailableMs),
    ],
    [
      'messages sent but not acknowledged in that time',
      recovery.unackedMessages === undefined ? undefined : plural(recovery.unackedMessages, 'message'),
    ],
    [
      'acknowledgements per second before the fault',
      load.ackedPerSec === undefined ? undefined : number(load.ackedPerSec),
    ],
    ['median time to the acknowledgement', load.ackMsP50 === undefined ? undefined : `${load.ackMsP50} ms`],
    ['99th percentile of that time', load.ackMsP99 === undefined ? undefined : `${load.ackMsP99} ms`],
  ].filter(([, value]) => value !== undefined)
  const windows = Object.entries(cell.windows)
  return (
    <section aria-labelledby="figures">
      <h2 id="figures">Figures</h2>
      <div class="columns">
        {figures.length > 0 && (
          <dl class="figures">
            {figures.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        )}
        <dl class="figures">
          {Object.entries(counts)
            .filter(([, count]) => count > 0)
            .map(([name, count]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{number(count)}</dd>
              </div>
            ))}
        </dl>
        {windows.length > 0 && (
          <div class="scroll" role="region" tabIndex={0} aria-label="Windows">
            <table class="list">
              <thead>
                <tr>
                  <th scope="col">window</th>
                  <th scope="col" class="right">
                    sent
                  </th>
                  <th scope="col" class="right">
                    acked
                  </th>
                  <th scope="col">open for</th>
                </tr>
              </thead>
              <tbody>
                {windows.map(([name, { sent, acked }]) => {
                  const found = trial?.windows.find(window => window.name === name)
                  return (
                    <tr key={name}>
                      <th scope="row">{name}</th>
                      <td class="right">{number(sent)}</td>
                      <td class="right">{number(acked)}</td>
                      <td>{found ? duration(found.to - found.from) : '–'}</td>
                    </tr>
                  )
                })}
              </tbody>
            </table>
          </div>
        )}
      </div>
    </section>
  )
}
