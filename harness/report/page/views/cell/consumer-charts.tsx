/** What the cell's consumers did over the time of the trial, and how far they were behind. */
import type { ConsumerTimeline } from '../../../timeline/consumer-timeline.ts'
import { number } from '../../../words/numbers.ts'
import { Plot } from '../../parts/plot.tsx'
import type { PlotProps } from '../../parts/plot.tsx'
import { mostReaderRows } from '../../parts/timeline.tsx'

interface Props extends Required<Pick<PlotProps, 'x' | 'range' | 'bands' | 'marks'>> {
  consumers: ConsumerTimeline
  select: (from: number, to: number) => void
  /** Counts of buckets → rates. */
  perSecond: (values: number[]) => number[]
}

export function ConsumerCharts({ consumers, x, range, bands, marks, select, perSecond }: Props) {
  const { delivered, processed, committed, again, waiting } = consumers
  const shared = {
    x,
    range,
    bands,
    marks,
    xUnit: 's',
    sync: 'cell',
    onSelect: select,
    xValue: (value: number) => `${value.toFixed(1)} s`,
  }
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
  return (
    <>
      <h3>Consumers: messages per second</h3>
      <Plot
        {...shared}
        label={`Consumers: ${number(sum(delivered))} deliveries, ${number(sum(processed))} messages processed`}
        unit="/s"
        series={[
          { label: 'processed', values: perSecond(processed), colour: 'held', fill: true },
          { label: 'delivered', values: perSecond(delivered), colour: 'muted', dash: [2, 3] },
          { label: 'offsets committed', values: perSecond(committed), colour: 'accent', dash: [6, 3] },
          ...(again === undefined
            ? []
            : [
                {
                  label: 'processed again',
                  values: perSecond(again).map(value => value || null),
                  colour: 'inconclusive',
                  bars: true,
                  fill: true,
                },
              ]),
        ]}
      />
      {waiting !== undefined && (
        <>
          <h3>Acknowledged and not yet processed</h3>
          <Plot
            {...shared}
            label={`Messages that waited for a consumer: at most ${number(Math.max(0, ...waiting))}`}
            unit=""
            series={[{ label: 'waiting', values: waiting, colour: 'not-shown', fill: true }]}
          />
        </>
      )}
      <p class="muted">
        In the timeline above, the rows "reader" show which consumer process got the messages of a partition
        {(consumers.readers?.length ?? 0) > mostReaderRows && `, of the first ${mostReaderRows} partitions`}; a change
        is a rebalance, or a process that took over.
      </p>
    </>
  )
}
