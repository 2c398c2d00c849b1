/** The lines of a topology: straight between the rows, arcs within the row of brokers. */
import type { SceneLink } from './scene-parts.ts'
import { cross, slowSign } from './shapes.ts'
import type { Shape } from './shapes.ts'

/** A box, px. */
export interface Place {
  x: number
  y: number
  width: number
  height: number
}

/** Empty where one end is not drawn. */
export function linkShapes(link: SceneLink, of: (name: string) => Place | undefined): Shape[] {
  const [from, to] = [of(link.from), of(link.to)]
  if (from === undefined || to === undefined) return []
  const { d, sign } = from.y === to.y ? arc(from, to, link.kind === 'copy') : straight(from, to)
  const look = ['link', link.kind, link.behind ? 'behind' : '', link.idle ? 'idle' : '', link.mark ?? '']
    .filter(word => word !== '')
    .join(' ')
  return [
    { kind: 'path', d, look },
    ...(link.mark === undefined ? [] : [link.mark === 'slow' ? slowSign(...sign) : cross(...sign, 6)]),
  ]
}

interface Line {
  d: string
  /** Where a cross or an hourglass goes. */
  sign: [x: number, y: number]
}

/** Near the end that a fault hit, where fewer lines cross. */
const signAt = 0.35

function straight(a: Place, b: Place): Line {
  const [above, below] = a.y < b.y ? [a, b] : [b, a]
  const [x1, y1] = [centre(above), above.y + above.height]
  const [x2, y2] = [centre(below), below.y]
  const [x, y, dx, dy] = a.y < b.y ? [x1, y1, x2 - x1, y2 - y1] : [x2, y2, x1 - x2, y1 - y2]
  return { d: `M${x1} ${y1}L${x2} ${y2}`, sign: [Math.round(x + dx * signAt), Math.round(y + dy * signAt)] }
}

/** Below the boxes. The two directions have arcs of their own. */
function arc(from: Place, to: Place, hasArrow: boolean): Line {
  const backwards = to.x < from.x
  const y = from.y + from.height
  const [x1, x2] = [centre(from) + (backwards ? -6 : 6), centre(to) + (backwards ? 6 : -6)]
  const boxesApart = Math.max(1, Math.round(Math.abs(to.x - from.x) / (from.width + 14)))
  const depth = 14 + 11 * Math.min(5, boxesApart) + (backwards ? 5 : 0)
  // A cubic whose middle is three quarters of the way to its handles.
  const sign: [number, number] = [Math.round((x1 + x2) / 2), Math.round(y + depth * 0.75)]
  return { d: `M${x1} ${y}C${x1} ${y + depth} ${x2} ${y + depth} ${x2} ${y}${hasArrow ? 'm-3 6l3 -6l3 6' : ''}`, sign }
}

const centre = ({ x, width }: Place): number => Math.round(x + width / 2)
