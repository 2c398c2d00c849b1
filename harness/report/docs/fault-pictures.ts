/**
 * The pictures of docs/faults.md: what each fault hits, in a small cluster. They are drawn from the table of faults by the code
 * that draws the topology of a cell.
 */
import { faultGroups } from '../../../faults/index.ts'
import { appRole } from '../../../faults/fault.ts'
import type { Fault } from '../../../faults/fault.ts'
import { drawTopology } from '../topology/draw.ts'
import { hitKind } from '../topology/hits.ts'
import { hitText } from '../topology/hit-words.ts'
import type { Hit } from '../topology/hit-words.ts'
import { brokerName } from '../topology/scene-parts.ts'
import { sceneAt } from '../topology/scene.ts'
import { svgText } from '../topology/svg.ts'

export interface FaultPicture {
  /** Of the file in docs/pictures/faults: the first fault that it shows. */
  name: string
  /** Faults that hit the same part in the same way. */
  faults: Fault[]
  /** `process of broker-1 ended`. */
  text: string
  svg: string
}

const widthPx = 460

/** The pictures of one group of faults, in the order of its faults. */
export function faultPictures(group: keyof typeof faultGroups): FaultPicture[] {
  const members: readonly Fault[] = faultGroups[group]
  return [...Map.groupBy(members, fault => JSON.stringify(exampleHit(fault)))].flatMap(([, faults]) => {
    const [first] = faults
    return first === undefined ? [] : [pictureOf(first, faults)]
  })
}

function pictureOf(first: Fault, faults: Fault[]): FaultPicture {
  const hit: Hit = { ...exampleHit(first), fault: first.id, target: '', from: 0 }
  const reader = isOfApplication(first) ? application : 'consumer-1'
  const ids = hit.part === 'across-ring' ? [1, 2, 3, 4] : [1, 2, 3]
  const scene = sceneAt(
    {
      trial: { nodes: [...ids.map(brokerName), controller], brokers: [], hits: [hit] },
      lane: {
        clients: [
          { name: 'producer-1', role: 'producer' },
          { name: reader, role: 'consumer' },
        ],
        partitions: [{ p: 0, leaders: [{ t: 0, leader: 1, epoch: 0 }], isr: [{ t: 0, isr: ids }] }],
      },
      words: { leader: 'leader', inSync: 'in sync' },
    },
    0,
  )
  const text = hitText(hit, hit.part === 'client-links' ? 'producers to all brokers' : hit.names.join(', '))
  return { name: first.id, faults, text, svg: svgText(drawTopology(scene, widthPx), text) }
}

const controller = 'controller-1'
/** It reads what the producer sends, as a consumer does. */
const application = 'app-1'
const isOfApplication = ({ targets }: Fault): boolean => targets.every(target => target === appRole)

function exampleHit(fault: Fault): Pick<Hit, 'part' | 'mark' | 'ends' | 'names'> {
  const kind = hitKind(fault)
  return { ...kind, names: namesOf(kind.part, fault) }
}

function namesOf(part: Hit['part'], fault: Fault): string[] {
  if (part === 'client') return [isOfApplication(fault) ? application : 'producer-1']
  if (part === 'client-links') return [1, 2, 3].map(broker => `producer-${broker}`)
  if (part === 'across-ring') return [1, 2, 3, 4].map(brokerName)
  return [fault.targets.every(target => target === 'controller') ? controller : brokerName(1)]
}
