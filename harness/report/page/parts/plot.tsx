/** A chart over time or over runs, drawn by uPlot, with the times of faults as bands behind it. */
import { useLayoutEffect } from 'preact/hooks'
import uPlot from 'uplot'
import { drawBands, drawClipped, drawMarks } from './plot-marks.ts'
import type { Band } from './plot-marks.ts'
import { onPoint, pointAt } from './pointer.ts'
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
  /** Drawn as bars instead of a line. */
  bars?: boolean
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
  /** Values above this are cut off, with a mark and the largest value. */
  clipAt?: number
  /** Called with the part of the x axis over which the reader drags. */
  onSelect?: (from: number, to: number) => void
  /** For an x axis of whole numbers: the room that each label needs, px. */
  integerLabelWidth?: number
}

const pixels = '11px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace'

export function Plot(props: PlotProps) {
  const [ref, width] = useWidth<HTMLDivElement>()
  // Before the browser paints, so that a chart that is made again leaves no gap.
  useLayoutEffect(() => {
    if (!ref.current || width === 0) return
    const made = new uPlot(optionsOf(props, width), [props.x, ...props.series.map(({ values }) => values)], ref.current)
    const stop = onTheme(() => made.redraw(false, true))
    // The charts share a cursor already; this is the pointer over the other drawings.
    const stopPointer = onPoint((ms, source) => {
      if (props.sync === undefined || source === 'plot') return
      made.setCursor({ left: ms === null ? -10 : made.valToPos(ms / 1000, 'x'), top: ms === null ? -10 : 0 })
    })
    return () => {
      stop()
      stopPointer()
      made.destroy()
    }
  }, [width, props.x, props.range?.[0], props.range?.[1]])
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
    clipAt,
    onSelect,
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
      y: log ? { distr: 3 } : { range: (_, _min, max) => [0, clipAt ?? Math.max(1, max * 1.1)] },
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
        ...(one.bars === true && uPlot.paths.bars ? { paths: uPlot.paths.bars({ size: [0.9, 12] }) } : {}),
        spanGaps: false,
        value: (_, value) => (value === null || value === undefined ? '–' : `${value} ${unit}`),
      })),
    ],
    cursor: {
      drag: { x: onSelect !== undefined, y: false, setScale: false },
      ...(sync === undefined ? {} : { sync: { key: sync } }),
    },
    legend: { markers: { width: 2 } },
    hooks: {
      ...(sync === undefined ? {} : { setCursor: [shareCursor] }),
      ...(onSelect === undefined ? {} : { setSelect: [selected(onSelect)] }),
      draw: clipAt === undefined ? [] : [made => drawClipped(made, clipAt, value => withUnit(value, unit))],
      drawClear: [
        made => {
          drawBands(made, bands)
          drawMarks(made, marks)
        },
      ],
    },
  }
}

function shareCursor(plot: uPlot): void {
  const left = plot.cursor.left ?? -1
  pointAt(left < 0 ? null : plot.posToVal(left, 'x') * 1000, 'plot')
}

const leastSelectedPx = 4
const selected = (onSelect: (from: number, to: number) => void) => (plot: uPlot) => {
  const { left, width } = plot.select
  if (width >= leastSelectedPx) onSelect(plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x'))
}

/** A logarithmic axis has a line for each power of ten only. */
const decades = (_: uPlot, ticks: number[]) => ticks.map(tick => (Number.isInteger(Math.log10(tick)) ? tick : null))

const withUnit = (value: number, unit: string): string =>
  unit === 'ms' && value >= 1000 ? `${value / 1000} s` : `${shortNumber(value)} ${unit}`.trimEnd()

/** `20M` for 20,000,000, so that labels fit beside the axis. */
const shortNumber = (value: number): string =>
  Math.abs(value) < 100_000 ? String(value) : value.toLocaleString('en-US', { notation: 'compact' })
