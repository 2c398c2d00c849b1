/** The story of one cell: what was expected, what was done to it, what became of every message, and why. */
import { harmsOf, kindOf, variedSettings, shortSetting, valueWords } from '../../page-data/kinds.ts'
import type { CellPage, RunPage } from '../../page-data/page-data.ts'
import type { LaneStory } from '../../story/lane-story.ts'
import type { TrialStory } from '../../story/trial-story.ts'
import { ms, number, plural, seconds, settingsWords } from '../format.ts'
import { Command } from '../parts/command.tsx'
import { Plot } from '../parts/plot.tsx'
import { Strip } from '../parts/strip.tsx'
import { cellHref } from '../parts/tile.tsx'
import { Timeline } from '../parts/timeline.tsx'
import { Value } from '../parts/value.tsx'
import { KindBadge } from '../parts/verdict.tsx'
import { Words } from '../parts/words.tsx'

export function Cell({ data, cell }: { data: RunPage; cell: CellPage }) {
  const trial = data.trials.find(({ id }) => id === cell.trial)
  const varied = variedSettings(data.cells.filter(({ scenario }) => scenario === cell.scenario))
  const at = data.cells.indexOf(cell)
  return (
    <article>
      <p class="crumbs">
        <a href="#/">Matrix</a> <span aria-hidden="true">/</span> {cell.system} <span aria-hidden="true">/</span>{' '}
        {cell.scenario}
      </p>
      <h1 tabIndex={-1}>
        <Words text={settingsWords(cell, varied) || cell.scenario} /> <KindBadge kind={kindOf(cell)} />
      </h1>
      <p class="lead">
        {number(cell.counts.sent)} sent, {number(cell.counts.acked)} acknowledged, {number(cell.counts.stored)} stored
        {harmsOf(cell.counts).map(words => `, ${words}`)}.
      </p>
      {cell.reasons.length > 0 && (
        <ul class="reasons">
          {cell.reasons.map((reason, index) => (
            <li key={index}>{reason}</li>
          ))}
        </ul>
      )}
      <Expectations cell={cell} />
      {trial && trial.extent.to > 1 && (
        <section aria-labelledby="timeline">
          <h2 id="timeline">What happened, over time</h2>
          {trial.cluster !== '' && <p class="muted">{trial.cluster}</p>}
          <Timeline trial={trial} story={cell.story} system={cell.system} />
          {cell.story && <Charts trial={trial} story={cell.story} />}
          <EventList trial={trial} lane={cell.lane} />
        </section>
      )}
      <section aria-labelledby="fates">
        <h2 id="fates">Every message</h2>
        {cell.story && cell.counts.sent > 0 ? (
          <Strip story={cell.story} />
        ) : (
          <p class="muted">
            The history of this run was not at hand when this page was made; its figures are the verdict’s.
          </p>
        )}
      </section>
      <Autopsy cell={cell} />
      <Figures cell={cell} trial={trial} />
      {trial && <Faults trial={trial} />}
      <section aria-labelledby="settings">
        <h2 id="settings">Settings</h2>
        <dl class="settings">
          {Object.entries(cell.settings).map(([name, value]) => (
            <div key={name} class={varied.includes(name) ? 'varied' : ''}>
              <dt>{name}</dt>
              <dd>{valueWords(value)}</dd>
            </div>
          ))}
        </dl>
        {varied.length > 0 && (
          <p class="muted">In {varied.map(shortSetting).join(', ')} it differs from its neighbours.</p>
        )}
      </section>
      <section aria-labelledby="replay">
        <h2 id="replay">Run it again</h2>
        <Command text={cell.replay} />
      </section>
      <nav class="neighbours" aria-label="Neighbouring cells">
        <Neighbour cell={data.cells[at - 1]} word="Previous" rel="prev" />
        <Neighbour cell={data.cells[at + 1]} word="Next" rel="next" />
      </nav>
    </article>
  )
}

const Neighbour = ({ cell, word, rel }: { cell: CellPage | undefined; word: string; rel: string }) =>
  cell ? (
    <a href={cellHref(cell.id)} rel={rel}>
      <span class="muted">{word}</span> {cell.id}
    </a>
  ) : (
    <span />
  )

function Expectations({ cell }: { cell: CellPage }) {
  return (
    <div class="scroll" role="region" tabIndex={0} aria-label="Expectations">
      <table class="list">
        <thead>
          <tr>
            <th scope="col">expected</th>
            <th scope="col">value</th>
            <th scope="col" class="right">
              happened
            </th>
            <th scope="col">so it is</th>
          </tr>
        </thead>
        <tbody>
          {cell.expect.map(({ what, expected, actual, ok }, at) => (
            <tr key={at}>
              <th scope="row">{what}</th>
              <td>{expected}</td>
              <td class="right">{number(actual)}</td>
              <SoItIs verdict={cell.verdict} ok={ok} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Where nothing can be said, a zero is no proof of anything. */
function SoItIs({ verdict, ok }: { verdict: CellPage['verdict']; ok: boolean }) {
  if (verdict === 'inconclusive') return <td class="inconclusive">cannot be told</td>
  return <td class={ok ? 'held' : 'violated'}>{ok ? 'as expected' : 'not as expected'}</td>
}

function Charts({ trial, story }: { trial: TrialStory; story: LaneStory }) {
  const { series } = story
  const bands = trial.faults.map(fault => ({ from: fault.at / 1000, to: (fault.healedAt ?? trial.extent.to) / 1000 }))
  const marks = story.partitions.flatMap(({ leaders }) => leaders.slice(1).map(({ t }) => t / 1000))
  const perSecond = (values: number[]) => values.map(value => Math.round((value * 10_000) / series.stepMs) / 10)
  const acked = perSecond(series.acked)
  const x = series.acked.map((_, at) => (series.from + (at + 0.5) * series.stepMs) / 1000)
  const range: [number, number] = [trial.extent.from / 1000, trial.extent.to / 1000]
  const some = (values: number[]) => values.some(value => value > 0)
  const latencies = series.p99.filter(value => value !== null)
  return (
    <>
      <h3>Messages a second</h3>
      <Plot
        label={`Acknowledgements a second from ${range[0].toFixed(1)} to ${range[1].toFixed(1)} s: at most ${Math.max(...acked)}; ${silence(acked, x)}`}
        x={x}
        range={range}
        unit="/s"
        xUnit="s"
        bands={bands}
        marks={marks}
        sync="story"
        xValue={value => `${value.toFixed(1)} s`}
        series={[
          { label: 'acked', values: acked, colour: 'held', fill: true },
          { label: 'sent', values: perSecond(series.sent), colour: 'muted', dash: [2, 3] },
          ...(some(series.rejected)
            ? [{ label: 'rejected', values: perSecond(series.rejected), colour: 'inconclusive', dash: [6, 3] }]
            : []),
          ...(some(series.unknown)
            ? [{ label: 'unknown', values: perSecond(series.unknown), colour: 'violated', dash: [8, 2, 2, 2] }]
            : []),
        ]}
      />
      <h3>From sending to acknowledgement</h3>
      <Plot
        label={`Time to the acknowledgement: at most ${ms(Math.max(0, ...latencies))} for 99 of 100 messages`}
        x={x}
        range={range}
        unit="ms"
        xUnit="s"
        log
        bands={bands}
        marks={marks}
        sync="story"
        xValue={value => `${value.toFixed(1)} s`}
        series={[
          { label: 'half within', values: series.p50.map(positive), colour: 'expected-loss', points: true },
          {
            label: '99 of 100 within',
            values: series.p99.map(positive),
            colour: 'not-shown',
            dash: [6, 3],
            points: true,
          },
        ]}
      />
      <p class="muted">
        Shaded: faults until healed. Upright lines: another leader. Buckets of {series.stepMs} ms. Times count from the
        beginning of the trial, as in its history.
      </p>
      <details>
        <summary>The same as a table</summary>
        <div class="scroll" role="region" tabIndex={0} aria-label="Messages over time">
          <table class="list">
            <thead>
              <tr>
                <th scope="col">time</th>
                {['sent', 'acked', 'rejected', 'unknown'].map(word => (
                  <th key={word} scope="col" class="right">
                    {word}
                  </th>
                ))}
                <th scope="col" class="right">
                  half within
                </th>
                <th scope="col" class="right">
                  99 of 100 within
                </th>
              </tr>
            </thead>
            <tbody>
              {x.map((time, at) => (
                <tr key={at}>
                  <th scope="row">{time.toFixed(2)} s</th>
                  <td class="right">{series.sent[at]}</td>
                  <td class="right">{series.acked[at]}</td>
                  <td class="right">{series.rejected[at]}</td>
                  <td class="right">{series.unknown[at]}</td>
                  <td class="right">{ms(series.p50[at])}</td>
                  <td class="right">{ms(series.p99[at])}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </>
  )
}

/** A logarithmic axis knows no zero. */
const positive = (value: number | null) => (value === null ? null : Math.max(0.1, value))

/** The longest time without an acknowledgement, in words. */
function silence(acked: readonly number[], x: readonly number[]): string {
  let best = { from: 0, to: -1 }
  let begin: number | undefined
  acked.forEach((value, at) => {
    if (value > 0) begin = undefined
    else {
      begin ??= at
      if (at - begin > best.to - best.from) best = { from: begin, to: at }
    }
  })
  return best.to < best.from
    ? 'never none'
    : `none between ${(x[best.from] ?? 0).toFixed(1)} and ${(x[best.to] ?? 0).toFixed(1)} s`
}

function EventList({ trial, lane }: { trial: TrialStory; lane: string }) {
  const told = trial.events.filter(event => event.lane === undefined || event.lane === lane)
  if (told.length === 0) return null
  return (
    <details>
      <summary>{plural(told.length, 'event')} in words</summary>
      <ol class="plain events">
        {told.map(({ t, text }, at) => (
          <li key={at}>
            <span class="time">{seconds(t)}</span> {text}
          </li>
        ))}
      </ol>
    </details>
  )
}

function Autopsy({ cell }: { cell: CellPage }) {
  const ranges = [
    ...cell.lost.map(range => ({ ...range, word: 'lost' })),
    ...cell.skipped.map(range => ({ ...range, word: 'skipped', place: undefined })),
  ]
  if (ranges.length === 0) return null
  const several = new Set(ranges.map(({ p }) => p)).size > 1
  return (
    <section aria-labelledby="autopsy">
      <h2 id="autopsy">Autopsy</h2>
      <ol class="autopsy">
        {ranges.map(({ p, from, to, count, place, cause, word }, at) => (
          <li key={at}>
            <p class="muted">
              <strong>{from === to ? `Message ${from}` : `Messages ${from}–${to}`}</strong>
              {several && ` of partition ${p}`}: {number(count)} {word}
              {place === undefined ? '' : ` (${place})`} <code>{cause.code}</code>
            </p>
            <p>{cause.text}</p>
          </li>
        ))}
      </ol>
      {cell.more.ranges > 0 && (
        <p class="muted">
          and {plural(cell.more.ranges, 'smaller range')} with {plural(cell.more.messages, 'message')}: they are in
          verdict.json
        </p>
      )}
    </section>
  )
}

function Figures({ cell, trial }: { cell: CellPage; trial: TrialStory | undefined }) {
  const { recovery, load, counts } = cell
  const figures = [
    [
      'from the fault to the first acknowledgement',
      recovery.firstAckMs === undefined ? undefined : ms(recovery.firstAckMs),
    ],
    ['longest time without one', recovery.unavailableMs === undefined ? undefined : ms(recovery.unavailableMs)],
    [
      'not acknowledged until then',
      recovery.unackedMessages === undefined ? undefined : plural(recovery.unackedMessages, 'message'),
    ],
    ['acknowledged a second before the fault', load.ackedPerSec === undefined ? undefined : number(load.ackedPerSec)],
    ['half of them within', load.ackMsP50 === undefined ? undefined : `${load.ackMsP50} ms`],
    ['99 of 100 within', load.ackMsP99 === undefined ? undefined : `${load.ackMsP99} ms`],
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
                      <td>{found ? ms(found.to - found.from) : '–'}</td>
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

function Faults({ trial }: { trial: TrialStory }) {
  if (trial.faults.length === 0 && trial.schedule.length === 0) return null
  return (
    <section aria-labelledby="faults">
      <h2 id="faults">Schedule, faults and their evidence</h2>
      {trial.schedule.length > 0 && (
        <ol class="schedule">
          {trial.schedule.map((step, at) => (
            <li key={at}>{step}</li>
          ))}
        </ol>
      )}
      {trial.faults.map((fault, at) => (
        <div class="fault" key={at}>
          <h3>
            {fault.fault} {fault.target} <span class="muted">({fault.node})</span>
          </h3>
          <p class="muted">
            {seconds(fault.at)}
            {fault.healedAt === undefined ? ', not healed' : ` to ${seconds(fault.healedAt)}`}. Read back from outside:
          </p>
          <div class="evidence">
            {Object.keys(fault.evidence).length === 0 ? <p>nothing</p> : <Value value={fault.evidence} />}
          </div>
        </div>
      ))}
    </section>
  )
}
