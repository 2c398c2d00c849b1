/**
 * Lays out a topology: clients above, brokers in the middle, other nodes below. Replicas are copied along the arcs below the
 * brokers. The page and the pictures of docs/faults.md draw the same shapes, each its own way.
 */
import { linkShapes } from './draw-links.ts'
import type { Place } from './draw-links.ts'
import type { Mark } from './hit-words.ts'
import type { Scene, SceneNode } from './scene-parts.ts'
import { cross, slowSign } from './shapes.ts'
import type { Shape } from './shapes.ts'

export interface Drawing {
  /** px; wider than the width that was asked for where the nodes do not fit into it. */
  width: number
  height: number
  shapes: Shape[]
}

const margin = 8
const gap = 14
const [leastBox, mostBox] = [92, 190]
const widestPitch = 300
const [clientHeight, nodeHeight, otherHeight] = [30, 56, 30]
/** Room for the links from clients, and from other nodes. */
const linkRoom = 54
/** Width of a character, px. */
const characterWidth = 7

const markNames: Readonly<Record<Mark, string>> = { gone: 'gone', silent: 'frozen', slow: 'slow', moved: 'hands over' }

/** `width`: the room that there is, px. */
export function drawTopology(scene: Scene, width: number): Drawing {
  const rows = [scene.clients, scene.brokers, scene.others]
  const most = Math.max(1, ...rows.map(({ length }) => length))
  const needed = 2 * margin + most * leastBox + (most - 1) * gap
  const full = Math.max(Math.min(width, 2 * margin + most * widestPitch), needed)
  const brokersAt = margin + clientHeight + linkRoom
  const arcRoom = scene.brokers.length > 1 || scene.others.length > 0 ? 24 + 9 * Math.min(6, scene.brokers.length) : 0
  const othersAt = brokersAt + nodeHeight + arcRoom + (scene.others.length > 0 ? 16 : 0)
  const places = new Map([
    ...placed(scene.clients, full, margin, clientHeight),
    ...placed(scene.brokers, full, brokersAt, nodeHeight),
    ...placed(scene.others, full, othersAt, otherHeight),
  ])
  const of = (name: string) => places.get(name)
  return {
    width: full,
    height: othersAt + (scene.others.length > 0 ? otherHeight + (among(scene) ? arcRoom : 0) : 0) + margin,
    shapes: [
      ...scene.links.flatMap(link => linkShapes(link, of)),
      ...scene.clients.flatMap(({ name, mark }) =>
        boxShapes(of(name), name, mark === undefined ? '' : markNames[mark], mark),
      ),
      ...scene.brokers.flatMap(node => nodeShapes(node, of(node.name), true)),
      ...scene.others.flatMap(node => nodeShapes(node, of(node.name), false)),
    ],
  }
}

/** Whether a link has both ends in the row of other nodes. */
const among = ({ links, others }: Scene): boolean =>
  links.some(({ from, to }) => others.some(({ name }) => name === from) && others.some(({ name }) => name === to))

function placed(members: readonly { name: string }[], full: number, y: number, height: number): [string, Place][] {
  const count = Math.max(1, members.length)
  const width = Math.min(mostBox, (full - 2 * margin - (count - 1) * gap) / count)
  const pitch = (full - 2 * margin - width) / Math.max(1, count - 1)
  const alone = (full - width) / 2
  return members.map(({ name }, at) => [
    name,
    { x: Math.round(count === 1 ? alone : margin + at * pitch), y, width: Math.round(width), height },
  ])
}

const fitted = (text: string, width: number): string => {
  const room = Math.max(1, Math.floor((width - 10) / characterWidth))
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`
}

/** A box of one line: a client, or a node that stores no messages. */
function boxShapes(place: Place | undefined, name: string, state: string, mark: Mark | undefined): Shape[] {
  if (place === undefined) return []
  const { x, y, width, height } = place
  const text = state === '' ? name : `${name}: ${state}`
  return [
    { kind: 'rect', x, y, width, height, rx: height / 2, look: `box ${mark ?? ''}`.trim() },
    {
      kind: 'text',
      x: x + width / 2,
      y: y + height / 2 + 4,
      text: fitted(text, width),
      look: mark === undefined ? 'name' : 'name hit',
      anchor: 'middle',
    },
    ...(mark === 'gone' ? [cross(x + width - 14, y + height / 2, 5)] : []),
  ]
}

function nodeShapes(node: SceneNode, place: Place | undefined, isBroker: boolean): Shape[] {
  const stop = node.process === undefined ? (node.down ? 'down' : '') : markNames[node.process]
  const state = stop === '' || !node.leads ? stop || node.role : `${stop}, ${node.role}`
  const mark = node.process ?? (node.down ? 'gone' : undefined)
  if (!isBroker) return boxShapes(place, node.name, stop, mark)
  if (place === undefined) return []
  const { x, y, width, height } = place
  return [
    {
      kind: 'rect',
      x,
      y,
      width,
      height,
      rx: 6,
      look: ['box', node.leads ? 'leads' : '', mark ?? ''].filter(word => word !== '').join(' '),
    },
    { kind: 'text', x: x + 9, y: y + 22, text: fitted(node.name, width - 26), look: 'name', anchor: 'start' },
    {
      kind: 'text',
      x: x + 9,
      y: y + 42,
      text: fitted(state, width - 30),
      look: mark === undefined ? 'role' : 'role hit',
      anchor: 'start',
    },
    ...diskShapes(x + width - 17, y + 33, node.disk),
    ...(mark === 'gone' ? [cross(x + width - 17, y + 15, 6)] : []),
  ]
}

/** A cylinder. */
function diskShapes(x: number, y: number, mark: Mark | undefined): Shape[] {
  const look = `disk ${mark ?? ''}`.trim()
  const [half, tall, flat] = [9, 14, 3]
  return [
    {
      kind: 'path',
      d: `M${x - half} ${y}v${tall}a${half} ${flat} 0 0 0 ${2 * half} 0v${-tall}`,
      look,
    },
    { kind: 'ellipse', x, y, rx: half, ry: flat, look },
    ...(mark === undefined ? [] : mark === 'slow' ? [slowSign(x, y + 8)] : [cross(x, y + 8, 6)]),
  ]
}
