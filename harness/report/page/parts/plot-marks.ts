/** What is drawn on a chart besides its series: faults behind them, values that are cut off above them. */
import uPlot from 'uplot'
import { colour } from './theme.ts'

export interface Band {
  from: number
  to: number
  /** Written at its top. */
  label?: string
}

const lineHeight = 13
const font = () => `${11 * uPlot.pxRatio}px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace`

/** Saves the context, which the caller restores; until then nothing is drawn outside the axes. */
function clipToPlot({ ctx, bbox }: uPlot): void {
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
}

export function drawBands(plot: uPlot, bands: readonly Band[]): void {
  const { ctx, bbox } = plot
  clipToPlot(plot)
  ctx.font = font()
  ctx.textBaseline = 'top'
  bands.forEach(({ from, to, label }, at) => {
    const left = plot.valToPos(from, 'x', true)
    const right = Math.max(left + 1, plot.valToPos(to, 'x', true))
    ctx.fillStyle = colour('fault-band')
    ctx.fillRect(left, bbox.top, right - left, bbox.height)
    ctx.strokeStyle = colour('violated')
    ctx.setLineDash([3, 3])
    ctx.strokeRect(left, bbox.top - 2, right - left, bbox.height + 4)
    if (label === undefined || right < bbox.left) return
    ctx.fillStyle = colour('violated')
    // One below the other, because faults overlap.
    ctx.fillText(label, Math.max(left, bbox.left) + 4 * uPlot.pxRatio, bbox.top + (4 + at * lineHeight) * uPlot.pxRatio)
  })
  ctx.restore()
}

export function drawMarks(plot: uPlot, marks: readonly number[]): void {
  const { ctx, bbox } = plot
  clipToPlot(plot)
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

/** A triangle at the top for each value above `clipAt`, and the largest of them as text. */
export function drawClipped(plot: uPlot, clipAt: number, text: (value: number) => string): void {
  const { ctx, bbox } = plot
  const [times = [], ...columns] = plot.data
  const size = 5 * uPlot.pxRatio
  let largest = { value: 0, x: 0 }
  ctx.save()
  ctx.fillStyle = colour('ink')
  ctx.font = font()
  ctx.textBaseline = 'top'
  Array.from(times).forEach((time, at) => {
    const value = Math.max(0, ...columns.map(column => column[at] ?? 0))
    const x = plot.valToPos(time, 'x', true)
    if (value <= clipAt || x < bbox.left || x > bbox.left + bbox.width) return
    ctx.beginPath()
    ctx.moveTo(x - size, bbox.top + size)
    ctx.lineTo(x + size, bbox.top + size)
    ctx.lineTo(x, bbox.top)
    ctx.fill()
    if (value > largest.value) largest = { value, x }
  })
  if (largest.value > 0) {
    const words = `up to ${text(largest.value)}`
    const fits = largest.x + size * 2 + ctx.measureText(words).width < bbox.left + bbox.width
    ctx.textAlign = fits ? 'left' : 'right'
    const x = largest.x + (fits ? size * 2 : -size * 2)
    const y = bbox.top + size + 2 * uPlot.pxRatio
    const width = ctx.measureText(words).width
    ctx.fillStyle = colour('bg')
    ctx.fillRect(fits ? x - 2 : x - width - 2, y - 1, width + 4, lineHeight * uPlot.pxRatio)
    ctx.fillStyle = colour('ink')
    ctx.fillText(words, x, y)
  }
  ctx.restore()
}
