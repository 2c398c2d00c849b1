/** Phases, windows, faults and leaders of the trial in rows over one time axis, which the charts below share. */
import { useEffect, useRef } from 'preact/hooks'
import type { LaneTimeline, TimeSpan } from '../../timeline/lane-timeline.ts'
import type { TrialTimeline } from '../../timeline/trial-timeline.ts'
import type { SystemWords } from '../../words/systems.ts'
import { seconds } from '../../words/numbers.ts'
import { onPoint, pointAt } from './pointer.ts'
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
  /** Label for narrow screens. */
  short: string
  segments: Segment[]
  /** The title of the rows below it. It has no segments. */
  heading?: true
}

const rowHeight = 22
const barHeight = 16
const axisHeight = 20
/** Partitions for which it is drawn which consumer reads them. */
export const mostReaderRows = 12
/** Width of a character, px. Text that does not fit into its bar is in the tooltip and in the list of events. */
const characterWidth = 6.4

export function Timeline({
  trial,
  lane,
  shown,
  words = { label: '', leader: 'leader', inSync: 'in sync', commonRoles: {} },
}: {
  trial: TrialTimeline
  lane: LaneTimeline | undefined
  words: SystemWords | undefined
  /** The part of the trial that is drawn. */
  shown: TimeSpan
}) {
  const [ref, width] = useWidth<HTMLDivElement>()
  const line = useRef<SVGLineElement>(null)
  const rows = rowsOf({ ...trial, span: shown }, lane, words)
  const { from, to } = shown
  const left = gutter(width)
  const scale = (t: number) =>
    left + ((Math.min(Math.max(t, from), to) - from) / (to - from)) * Math.max(1, width - left - rightMargin)
  const height = rows.length * rowHeight + axisHeight
  const narrow = left < 100
  const timeAt = (x: number) => from + ((x - left) / Math.max(1, width - left - rightMargin)) * (to - from)
  useEffect(() =>
    onPoint(ms => {
      // Moved without a new drawing, which would be slow.
      const inside = ms !== null && ms >= from && ms <= to
      line.current?.setAttribute('visibility', inside ? 'visible' : 'hidden')
      if (inside) for (const name of ['x1', 'x2']) line.current?.setAttribute(name, String(scale(ms)))
    }),
  )
  return (
    <div class="timeline" ref={ref}>
      {width > 0 && (
        <svg
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
          role="img"
          onPointerMove={event => pointAt(timeAt(event.offsetX), 'timeline')}
          onPointerLeave={() => pointAt(null, 'timeline')}
          aria-label={`Timeline of the trial: ${labelsOf(rows)}. The events below say the same as text.`}
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
              <text
                x={row.heading ? left : left - 8}
                y={rowHeight / 2 + 4}
                text-anchor={row.heading ? 'start' : 'end'}
                class={row.heading ? 'heading' : 'label'}
              >
                {narrow ? row.short : row.label}
                <title>{row.label}</title>
              </text>
              {row.segments.map((segment, index) => (
                <Bar key={index} segment={segment} scale={scale} />
              ))}
            </g>
          ))}
          <line ref={line} class="pointer" y1={0} y2={height - axisHeight} visibility="hidden" />
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

function rowsOf(trial: TrialTimeline, lane: LaneTimeline | undefined, words: SystemWords): Row[] {
  const { span, faults } = trial
  const end = span.to
  const segment = (from: number, to: number, text: string, look: string): Segment => ({
    from,
    to,
    text,
    look,
    title: `${text}, ${seconds(from)} to ${seconds(to)}`,
  })
  const visible = (segments: Segment[]) => segments.filter(({ from, to }) => to > span.from && from < span.to)
  const done: Row[] = [
    {
      label: 'phase',
      short: 'phase',
      segments: trial.phases.map(({ phase, t }, at) => segment(t, trial.phases[at + 1]?.t ?? end, phase, 'phase')),
    },
    {
      label: 'window',
      short: 'window',
      segments: trial.windows.map(({ name, from, to }) => segment(from, to, name, 'window')),
    },
    {
      label: 'load paused',
      short: 'paused',
      segments: trial.pauses.map(({ from, to }) => segment(from, to, 'producers paused', 'hatched')),
    },
    ...faults.map((fault): Row => ({
      label: 'fault',
      short: 'fault',
      segments: [
        segment(fault.at, fault.healedAt ?? end, `${fault.fault} ${fault.target} (${fault.node})`, 'fault hatched'),
      ],
    })),
  ]
  const seen: Row[] = [
    ...downRows(trial, segment),
    ...(lane?.partitions ?? []).flatMap(({ p, leaders, isr }): Row[] => [
      {
        label: `partition ${p} ${words.leader}`,
        short: `${words.leader} ${p}`,
        segments: leaders.map(({ t, leader, epoch }, at) =>
          segment(
            t,
            leaders[at + 1]?.t ?? end,
            leader < 0 ? 'none' : `broker ${leader}, epoch ${epoch}`,
            leader < 0 ? 'none hatched' : at % 2 === 0 ? 'leader' : 'leader other',
          ),
        ),
      },
      {
        label: `partition ${p} ${words.inSync}`,
        short: `${words.inSync} ${p}`,
        segments: isr.map(({ t, isr: members }, at) =>
          segment(
            t,
            isr[at + 1]?.t ?? end,
            members.length === 0 ? 'none' : members.join(', '),
            members.length < Math.max(...isr.map(one => one.isr.length)) ? 'isr less' : 'isr',
          ),
        ),
      },
    ]),
  ]
  seen.push(
    ...(lane?.consumers?.readers ?? []).slice(0, mostReaderRows).map(({ p, spans }): Row => ({
      label: `partition ${p} reader`,
      short: `reader ${p}`,
      segments: spans.map(({ process, from, to }, at) =>
        segment(from, to, process, at % 2 === 0 ? 'reader' : 'reader other'),
      ),
    })),
  )
  const heading = (label: string): Row => ({ label, short: label, segments: [], heading: true })
  return [
    { title: 'Done by Lossproof', rows: done },
    { title: 'Seen by the observer', rows: seen },
  ].flatMap(({ title, rows }) => {
    const drawn = rows.map(row => ({ ...row, segments: visible(row.segments) })).filter(row => row.segments.length > 0)
    return drawn.length === 0 ? [] : [heading(title), ...drawn]
  })
}

const labelsOf = (rows: readonly Row[]): string =>
  rows
    .filter(row => !row.heading)
    .map(row => row.label)
    .join(', ')

function downRows(
  { brokers, span }: TrialTimeline,
  segment: (from: number, to: number, text: string, look: string) => Segment,
): Row[] {
  return [...Map.groupBy(brokers, ({ broker }) => broker)].map(([broker, changes]) => ({
    label: `${broker} down`,
    short: broker.replace(/^broker-/, 'down '),
    segments: changes.flatMap(({ t, up }, at) =>
      up ? [] : [segment(t, changes[at + 1]?.t ?? span.to, `${broker} down`, 'none hatched')],
    ),
  }))
}

function ticksOf(from: number, to: number, width: number): number[] {
  const maxTicks = Math.max(2, Math.floor(width / 110))
  const step =
    [500, 1000, 2000, 5000, 10_000, 20_000, 60_000, 120_000, 300_000, 600_000].find(
      size => (to - from) / size <= maxTicks,
    ) ?? (to - from) / maxTicks
  const first = Math.ceil(from / step) * step
  return Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, at) => first + at * step)
}
