/** A chart over time or over runs, drawn by uPlot, with the times of faults as bands behind it. */
import { useEffect } from 'preact/hooks'
import uPlot from 'uplot'
import { colour, onTheme } from './theme.ts'
import { gutter, rightMargin, useWidth } from './width.ts'

export interface PlotSeries {
  label: string
  values: (number | null)[]
  /** Name of a colour of the stylesheet. */
  colour: string
  dash?: number[]
  fill?: boolean
  points?: boolean
}

export interface Band {
  from: number
  to: number
}

export interface PlotProps {
  /** What the chart shows, for screen readers. */
  label: string
  /** In the unit of the x axis. */
  x: number[]
  series: PlotSeries[]
  unit: string
  xUnit: string
  height?: number
  log?: boolean
  bands?: Band[]
  /** Times with a vertical line. */
  marks?: number[]
  /** Charts with the same key share one cursor. */
  sync?: string
  xValue?: (x: number) => string
  range?: [number, number]
  /** For an x axis of whole numbers: the room that each label needs, px. */
  integerLabelWidth?: number
}

const pixels = '11px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace'

export function Plot(props: PlotProps) {
  const [ref, width] = useWidth<HTMLDivElement>()
  useEffect(() => {
    if (!ref.current || width === 0) return
    const made = new uPlot(optionsOf(props, width), [props.x, ...props.series.map(({ values }) => values)], ref.current)
    const stop = onTheme(() => made.redraw(false, true))
    return () => {
      stop()
      made.destroy()
    }
  }, [width, props.x])
  return <div class="plot" role="img" aria-label={props.label} ref={ref} />
}

function optionsOf(
  {
    series,
    unit,
    xUnit,
    height = 170,
    log = false,
    bands = [],
    marks = [],
    sync,
    xValue,
    range,
    integerLabelWidth,
  }: PlotProps,
  width: number,
): uPlot.Options {
  const axis = (): uPlot.Axis => ({
    stroke: () => colour('muted'),
    grid: { stroke: () => colour('line'), width: 1 },
    ticks: { stroke: () => colour('line'), width: 1 },
    font: pixels,
  })
  return {
    width,
    height,
    padding: [10, rightMargin, 0, 0],
    scales: {
      x: { time: false, ...(range ? { range: () => range } : {}) },
      y: log ? { distr: 3 } : { range: (_, _min, max) => [0, Math.max(1, max * 1.1)] },
    },
    axes: [
      {
        ...axis(),
        values: (_, ticks) => ticks.map(tick => (xValue ? xValue(tick) : `${tick} ${xUnit}`)),
        size: 28,
        ...(integerLabelWidth === undefined ? {} : { incrs: [1, 2, 5, 10, 20, 50, 100], space: integerLabelWidth }),
      },
      {
        ...axis(),
        size: () => gutter(width),
        grid: { stroke: () => colour('line'), width: 1, ...(log ? { filter: decades } : {}) },
        values: (_, ticks) => ticks.map(tick => (tick === null ? '' : withUnit(tick, unit))),
      },
    ],
    series: [
      {
        label: xUnit === 's' ? 'time' : xUnit,
        value: (_, at) => (at === null ? '–' : xValue ? xValue(at) : `${at.toFixed(2)} ${xUnit}`),
      },
      ...series.map((one): uPlot.Series => ({
        label: one.label,
        stroke: () => colour(one.colour),
        width: 1.6,
        ...(one.dash ? { dash: one.dash } : {}),
        ...(one.fill ? { fill: () => `color-mix(in srgb, ${colour(one.colour)} 14%, transparent)` } : {}),
        points: { show: one.points ?? false, size: 4 },
        spanGaps: false,
        value: (_, value) => (value === null || value === undefined ? '–' : `${value} ${unit}`),
      })),
    ],
    cursor: { drag: { x: false, y: false }, ...(sync === undefined ? {} : { sync: { key: sync } }) },
    legend: { markers: { width: 2 } },
    hooks: {
      drawClear: [
        made => {
          drawBands(made, bands)
          drawMarks(made, marks)
        },
      ],
    },
  }
}

/** A logarithmic axis has a line for each power of ten only. */
const decades = (_: uPlot, ticks: number[]) => ticks.map(tick => (Number.isInteger(Math.log10(tick)) ? tick : null))

const withUnit = (value: number, unit: string): string =>
  unit === 'ms' && value >= 1000 ? `${value / 1000} s` : unit === '' ? String(value) : `${value} ${unit}`

function drawBands(plot: uPlot, bands: readonly Band[]): void {
  const { ctx, bbox } = plot
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  for (const { from, to } of bands) {
    const left = plot.valToPos(from, 'x', true)
    const right = Math.max(left + 1, plot.valToPos(to, 'x', true))
    ctx.fillStyle = colour('fault-band')
    ctx.fillRect(left, bbox.top, right - left, bbox.height)
    ctx.strokeStyle = colour('violated')
    ctx.setLineDash([3, 3])
    ctx.strokeRect(left, bbox.top - 2, right - left, bbox.height + 4)
  }
  ctx.restore()
}

function drawMarks(plot: uPlot, marks: readonly number[]): void {
  const { ctx, bbox } = plot
  ctx.save()
  ctx.strokeStyle = colour('accent')
  ctx.lineWidth = 1.5
  for (const at of marks) {
    const x = plot.valToPos(at, 'x', true)
    ctx.beginPath()
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
  }
  ctx.restore()
}
