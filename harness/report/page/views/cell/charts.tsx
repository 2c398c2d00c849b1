/** Throughput and latency of the cell over the time of its trial. */
import { useMemo } from 'preact/hooks'
import type { LaneTimeline, TimeSpan } from '../../../timeline/lane-timeline.ts'
import type { TrialTimeline } from '../../../timeline/trial-timeline.ts'
import { duration } from '../../../words/numbers.ts'
import { Plot } from '../../parts/plot.tsx'
import type { PlotSeries } from '../../parts/plot.tsx'
import { ConsumerCharts } from './consumer-charts.tsx'
import { zoomTo } from './time-range.tsx'

/** Bursts above this multiple of what is usual are cut off, so that they do not flatten everything else. */
const burstFactor = 4
const clipFactor = 2

interface Props {
  trial: TrialTimeline
  lane: LaneTimeline
  shown: TimeSpan
}

export function Charts({ trial, lane, shown }: Props) {
  const { series } = lane
  const bands = trial.faults.map(fault => ({
    from: fault.at / 1000,
    to: (fault.healedAt ?? trial.span.to) / 1000,
    label: `${fault.fault} ${fault.target}`,
  }))
  const marks = lane.partitions.flatMap(({ leaders }) => leaders.slice(1).map(({ t }) => t / 1000))
  const perSecond = (values: number[]) => values.map(value => Math.round((value * 10_000) / series.stepMs) / 10)
  const acked = perSecond(series.acked)
  const x = useMemo(() => series.acked.map((_, at) => (series.from + (at + 0.5) * series.stepMs) / 1000), [series])
  const range: [number, number] = [shown.from / 1000, shown.to / 1000]
  const select = (from: number, to: number) => zoomTo({ from: from * 1000, to: to * 1000 })
  const sent = perSecond(series.sent)
  const clipAt = clipOf([...acked, ...sent], lane.ratePerSec)
  const marked = (label: string, values: number[] | undefined, name: string): PlotSeries[] =>
    values === undefined
      ? []
      : [{ label, values: perSecond(values).map(value => value || null), colour: name, bars: true, fill: true }]
  const some = (values: number[]) => values.some(value => value > 0)
  const latencies = series.p99.filter(value => value !== null)
  return (
    <>
      <h3>Producers: messages per second</h3>
      <Plot
        label={`Acknowledgements per second: at most ${Math.max(...acked)}; ${longestGap(acked, x)}`}
        x={x}
        range={range}
        unit="/s"
        xUnit="s"
        {...(clipAt === undefined ? {} : { clipAt })}
        bands={bands}
        marks={marks}
        sync="cell"
        onSelect={select}
        xValue={value => `${value.toFixed(1)} s`}
        series={[
          { label: 'acked', values: acked, colour: 'held', fill: true },
          { label: 'sent', values: sent, colour: 'muted', dash: [2, 3] },
          ...(lane.ratePerSec === undefined
            ? []
            : [{ label: 'requested', values: x.map(() => lane.ratePerSec ?? null), colour: 'accent', dash: [1, 5] }]),
          ...marked('lost', series.lost, 'violated'),
          ...marked('skipped', series.skipped, 'not-shown'),
          ...marked('refused', series.refused, 'inconclusive'),
          ...(some(series.rejected)
            ? [{ label: 'rejected', values: perSecond(series.rejected), colour: 'inconclusive', dash: [6, 3] }]
            : []),
          ...(some(series.unknown)
            ? [{ label: 'unknown', values: perSecond(series.unknown), colour: 'violated', dash: [8, 2, 2, 2] }]
            : []),
        ]}
      />
      <h3>Time from sending to acknowledgement</h3>
      <Plot
        label={`Time to the acknowledgement: 99th percentile at most ${duration(Math.max(0, ...latencies))}`}
        x={x}
        range={range}
        unit="ms"
        xUnit="s"
        log
        bands={bands}
        marks={marks}
        sync="cell"
        onSelect={select}
        xValue={value => `${value.toFixed(1)} s`}
        series={[
          { label: 'median', values: series.p50.map(positive), colour: 'expected-loss', points: true },
          {
            label: '99th percentile',
            values: series.p99.map(positive),
            colour: 'not-shown',
            dash: [6, 3],
            points: true,
          },
        ]}
      />
      <p class="muted">
        Shaded: from a fault until it is healed. Vertical lines: a new leader. Bars: messages that were lost, skipped or
        refused, at the time of their answer. Triangles: values above the chart. One point stands for {series.stepMs}{' '}
        ms. Times count from the start of the trial.
      </p>
      {lane.consumers && (
        <ConsumerCharts consumers={lane.consumers} {...{ x, range, bands, marks, select, perSecond }} />
      )}
      <details>
        <summary>Show as a table</summary>
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
                  median
                </th>
                <th scope="col" class="right">
                  99th percentile
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
                  <td class="right">{duration(series.p50[at])}</td>
                  <td class="right">{duration(series.p99[at])}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </>
  )
}

/** The top of the chart where bursts, such as what a client sends at once after an outage, are cut off. */
function clipOf(values: readonly number[], rate: number | undefined): number | undefined {
  const some = values.filter(value => value > 0).toSorted((a, b) => a - b)
  const usual = Math.max(rate ?? 0, some[Math.floor(some.length / 2)] ?? 0)
  return usual > 0 && (some.at(-1) ?? 0) > burstFactor * usual ? clipFactor * usual : undefined
}

/** A logarithmic axis has no zero. */
const positive = (value: number | null) => (value === null ? null : Math.max(0.1, value))

/** The longest time without an acknowledgement, for screen readers. */
function longestGap(acked: readonly number[], x: readonly number[]): string {
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
    ? 'no gap'
    : `longest gap from ${(x[best.from] ?? 0).toFixed(1)} to ${(x[best.to] ?? 0).toFixed(1)} s`
}
