/** Nodes, links and clients of the cluster in memory, as they are before any fault. */
import type { ClientState } from '../contract/client.ts'
import type { ClientLink, Link } from '../contract/link.ts'
import type { FaultNode, NodeState } from '../contract/node.ts'

/** Where brokers keep their messages below /disk, and the files there that emptying a disk keeps. */
export const folder = 'data'
export const kept = ['identity']

export interface FakeNode extends FaultNode {
  state: NodeState
  log: string
  packets: number
  diskFrozen: boolean
  diskFull: boolean
  diskBroken: boolean
  writesPerSec: number
  files: string[]
  /** Open message files on the data disk, and paths of those elsewhere. */
  dataFiles: number
  dataElsewhere: string[]
}

export interface FakeLink extends ClientLink {
  readonly present: Map<string, { type: string; stream: string; attributes: Record<string, number> }>
  isOn: boolean
}

/** A link that accepts a fault without effect where `isSpared` is true. */
export const linkThatMaySpare = <L extends Link>(link: L, isSpared: boolean): L =>
  isSpared ? { ...link, addToxic: async () => {}, enable: async () => {} } : link

export const newNode = (id: number): FakeNode => ({
  id,
  name: `broker-${id}`,
  state: { running: true, paused: false, exitCode: 0, startedAt: 't0' },
  log: 'started\n',
  packets: 0,
  diskFrozen: false,
  diskFull: false,
  diskBroken: false,
  writesPerSec: 0,
  files: [`/disk/${folder}/identity`, `/disk/${folder}/a-0/0.log`],
  dataFiles: 1,
  dataElsewhere: [],
})

export const newClient = (): ClientState => ({
  running: true,
  frozen: false,
  ended: undefined,
  said: undefined,
  finished: false,
  unanswered: 2,
  uncommitted: 1,
})

export function newLink(name: string, broker: number): FakeLink {
  const present: FakeLink['present'] = new Map()
  const link: FakeLink = {
    name,
    broker,
    address: `127.0.0.1:${20_000 + broker}`,
    present,
    isOn: true,
    addToxic: async ({ name: toxic, ...rest }) => void present.set(toxic, rest),
    removeToxic: async toxic => void present.delete(toxic),
    toxics: async () => [...present.keys()],
    enable: async on => {
      link.isOn = on
    },
    enabled: async () => link.isOn,
  }
  return link
}
