/** What was done to the cluster and what it did, in rows over one time axis that the charts below share. */
import type { LaneStory } from '../../story/lane-story.ts'
import type { TrialStory } from '../../story/trial-story.ts'
import { seconds } from '../format.ts'
import { gutter, rightMargin, useWidth } from './width.ts'

interface Segment {
  from: number
  to: number
  text: string
  look: string
  title: string
}

interface Row {
  label: string
  /** Where there is little room. */
  short: string
  segments: Segment[]
}

const rowHeight = 22
const barHeight = 16
const axisHeight = 20
/** Width of a character of the labels, px: text that does not fit is left to the tooltip and the list of events. */
const characterWidth = 6.4

export function Timeline({
  trial,
  story,
  system,
}: {
  trial: TrialStory
  story: LaneStory | undefined
  system: string
}) {
  const [ref, width] = useWidth<HTMLDivElement>()
  const rows = rowsOf(trial, story, system)
  const { from, to } = trial.extent
  const left = gutter(width)
  const scale = (t: number) =>
    left + ((Math.min(Math.max(t, from), to) - from) / (to - from)) * Math.max(1, width - left - rightMargin)
  const height = rows.length * rowHeight + axisHeight
  const narrow = left < 100
  return (
    <div class="timeline" ref={ref}>
      {width > 0 && (
        <svg
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
          role="img"
          aria-label={`Timeline of the trial: ${rows.map(row => row.label).join(', ')}. The list of events below tells the same in words.`}
        >
          <defs>
            <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <rect width="2.2" height="6" class="hatch" />
            </pattern>
          </defs>
          {ticksOf(from, to, width).map(t => (
            <g key={t}>
              <line x1={scale(t)} x2={scale(t)} y1={0} y2={height - axisHeight + 4} class="grid" />
              <text x={scale(t)} y={height - 5} text-anchor="middle" class="tick">
                {seconds(t)}
              </text>
            </g>
          ))}
          {rows.map((row, at) => (
            <g key={at} transform={`translate(0 ${at * rowHeight})`}>
              <text x={left - 8} y={rowHeight / 2 + 4} text-anchor="end" class="label">
                {narrow ? row.short : row.label}
                <title>{row.label}</title>
              </text>
              {row.segments.map((segment, index) => (
                <Bar key={index} segment={segment} scale={scale} />
              ))}
            </g>
          ))}
        </svg>
      )}
    </div>
  )
}

function Bar({ segment, scale }: { segment: Segment; scale: (t: number) => number }) {
  const x = scale(segment.from)
  const width = Math.max(2, scale(segment.to) - x)
  const room = Math.floor((width - 8) / characterWidth)
  const text = segment.text.length <= room ? segment.text : room >= 4 ? `${segment.text.slice(0, room - 1)}…` : ''
  return (
    <g>
      <title>{segment.title}</title>
      <rect
        x={x}
        y={(rowHeight - barHeight) / 2}
        width={width}
        height={barHeight}
        rx={2}
        class={`bar ${segment.look}`}
      />
      {segment.look.includes('hatched') && (
        <rect x={x} y={(rowHeight - barHeight) / 2} width={width} height={barHeight} rx={2} fill="url(#hatch)" />
      )}
      {text !== '' && (
        <text x={x + 5} y={rowHeight / 2 + 4} class="inside">
          {text}
        </text>
      )}
    </g>
  )
}

function rowsOf(trial: TrialStory, story: LaneStory | undefined, system: string): Row[] {
  const { extent, faults } = trial
  const end = extent.to
  const made = (from: number, to: number, text: string, look: string): Segment => ({
    from,
    to,
    text,
    look,
    title: `${text}, ${seconds(from)} to ${seconds(to)}`,
  })
  const visible = (segments: Segment[]) => segments.filter(({ from, to }) => to > extent.from && from < extent.to)
  const leads = system === 'rocketmq' ? 'master' : 'leader'
  const inSync = system === 'rocketmq' ? { label: 'in step', short: 'sync' } : { label: 'ISR', short: 'ISR' }
  return [
    {
      label: 'phase',
      short: 'phase',
      segments: trial.phases.map(({ phase, t }, at) => made(t, trial.phases[at + 1]?.t ?? end, phase, 'phase')),
    },
    {
      label: 'window',
      short: 'window',
      segments: trial.windows.map(({ name, from, to }) => made(from, to, name, 'window')),
    },
    {
      label: 'load paused',
      short: 'paused',
      segments: trial.pauses.map(({ from, to }) => made(from, to, 'producers paused', 'hatched')),
    },
    ...faults.map((fault): Row => ({
      label: 'fault',
      short: 'fault',
      segments: [
        made(fault.at, fault.healedAt ?? end, `${fault.fault} ${fault.target} (${fault.node})`, 'fault hatched'),
      ],
    })),
    ...downRows(trial, made),
    ...(story?.partitions ?? []).flatMap(({ p, leaders, isr }): Row[] => [
      {
        label: `${leads} of ${p}`,
        short: `${leads} ${p}`,
        segments: leaders.map(({ t, leader, epoch }, at) =>
          made(
            t,
            leaders[at + 1]?.t ?? end,
            leader < 0 ? 'none' : `broker ${leader}, epoch ${epoch}`,
            leader < 0 ? 'none hatched' : at % 2 === 0 ? 'leader' : 'leader other',
          ),
        ),
      },
      {
        label: `${inSync.label} of ${p}`,
        short: `${inSync.short} ${p}`,
        segments: isr.map(({ t, isr: members }, at) =>
          made(
            t,
            isr[at + 1]?.t ?? end,
            members.length === 0 ? 'nobody' : members.join(', '),
            members.length < Math.max(...isr.map(one => one.isr.length)) ? 'isr less' : 'isr',
          ),
        ),
      },
    ]),
  ]
    .map(row => ({ ...row, segments: visible(row.segments) }))
    .filter(row => row.segments.length > 0)
}

function downRows(
  { brokers, extent }: TrialStory,
  made: (from: number, to: number, text: string, look: string) => Segment,
): Row[] {
  return [...Map.groupBy(brokers, ({ broker }) => broker)].map(([broker, changes]) => ({
    label: `${broker} down`,
    short: broker.replace(/^broker-/, 'down '),
    segments: changes.flatMap(({ t, up }, at) =>
      up ? [] : [made(t, changes[at + 1]?.t ?? extent.to, `${broker} down`, 'none hatched')],
    ),
  }))
}

function ticksOf(from: number, to: number, width: number): number[] {
  const most = Math.max(2, Math.floor(width / 110))
  const step =
    [500, 1000, 2000, 5000, 10_000, 20_000, 60_000, 120_000, 300_000, 600_000].find(
      size => (to - from) / size <= most,
    ) ?? (to - from) / most
  const first = Math.ceil(from / step) * step
  return Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, at) => first + at * step)
}
