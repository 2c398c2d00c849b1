/** The topology at one moment as text, for the list beside the drawing and for screen readers. */
import { clientLinkOf, hitText, isInForce } from './hit-words.ts'
import type { Hit } from './hit-words.ts'
import { clientsOf, nodesOf } from './members.ts'
import { brokerName } from './scene-parts.ts'
import type { CellHistory } from './scene-parts.ts'
import { stateAt } from './scene.ts'

export interface SceneText {
  /** `partition 0: broker-1 leads in epoch 0; in sync: 1, 2`. */
  seen: string[]
  /** `cut-replication leader: replication link of broker-1 cut`. */
  hit: string[]
}

const maxPartitions = 3
const maxNames = 4

export function sceneText(history: CellHistory, t: number): SceneText {
  const { trial, lane, words } = history
  const seen = lane.partitions.slice(0, maxPartitions).map(({ p, leaders, isr }) => {
    const led = stateAt(leaders, t)
    const members = stateAt(isr, t)?.isr
    const who = led === undefined || led.leader < 0 ? `no ${words.leader}` : `${words.leader} ${brokerName(led.leader)}`
    const epoch = led === undefined ? '' : `, epoch ${led.epoch}`
    return `partition ${p}: ${who}${epoch}${members === undefined ? '' : `; ${words.inSync}: ${members.join(', ') || 'none'}`}`
  })
  const more = lane.partitions.length - maxPartitions
  return {
    seen: [...seen, ...(more > 0 ? [`${more} more partition${more === 1 ? '' : 's'}`] : [])],
    hit: trial.hits.filter(hit => isInForce(hit, t)).map(hit => `${hit.fault} ${hit.target}: ${ofCell(hit, history)}`),
  }
}

/** What a fault hit of the cell. Other cells of the trial may have brokers and clients of their own. */
function ofCell(hit: Hit, history: CellHistory): string {
  const { brokers, others } = nodesOf(history)
  const drawn = new Set([...brokers, ...others, ...clientsOf(history.lane).map(({ name }) => name)])
  const links = hit.names.flatMap(name => clientLinkOf(name) ?? [])
  const names =
    hit.part === 'client-links'
      ? links.map(({ broker }) => brokerName(broker)).filter(name => brokers.includes(name))
      : hit.part === 'client' && history.lane.clients === undefined
        ? hit.names // Which of them are the cell's is not known.
        : hit.names.filter(name => drawn.has(name))
  if (names.length === 0) return 'hit nothing of this cell'
  const more = names.length - maxNames
  const named = (more > 0 ? [...names.slice(0, maxNames), `${more} more`] : names).join(', ')
  return hitText(
    hit,
    hit.part === 'client-links' ? `${[...new Set(links.map(({ role }) => role))].join(', ')}s to ${named}` : named,
  )
}
