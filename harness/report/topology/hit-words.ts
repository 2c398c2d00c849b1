/** What a fault hits, and how people read it. The page needs this without the faults themselves. */

/**
 * `machine`: process and disk. `replication`: the link through which others copy from the target. `client-links`: the links
 * of all clients of one role to the named brokers. `unknown`: the fault is of another version.
 */
export type HitPart =
  | 'process'
  | 'machine'
  | 'disk'
  | 'replication'
  | 'other-nodes'
  | 'across-ring'
  | 'every-link'
  | 'client'
  | 'client-links'
  | 'leadership'
  | 'unknown'

/** What became of the part: it ended or was cut; it stands still; it is slow; it went to another node. */
export type Mark = 'gone' | 'silent' | 'slow' | 'moved'

/** A fault of a trial. */
export interface Hit {
  fault: string
  target: string
  /** Nodes, client processes, or links: `producer-2` is the link of producers to broker 2. */
  names: string[]
  part: HitPart
  mark: Mark
  /** Of a disk: the processes of its nodes end as well. */
  ends: boolean
  /** ms since the trial began. `to` is absent when it was never healed. */
  from: number
  to?: number
}

const parts: Readonly<Record<HitPart, string>> = {
  process: 'process of',
  machine: 'machine of',
  disk: 'disk of',
  replication: 'replication link of',
  'other-nodes': 'links to other nodes of',
  'across-ring': 'links to all but two neighbours of',
  'every-link': 'all links of',
  client: 'client process',
  'client-links': 'links of',
  leadership: 'leadership of',
  unknown: '',
}

const isLink = (part: HitPart): boolean => /link|other-nodes|across-ring|replication/.test(part)

function markWord({ part, mark }: Pick<Hit, 'part' | 'mark'>): string {
  if (mark === 'slow') return 'slow'
  if (mark === 'silent') return 'frozen'
  if (mark === 'moved') return 'handed over'
  if (part === 'disk') return 'lost or failing'
  return isLink(part) ? 'cut' : part === 'unknown' ? 'hit' : 'ended'
}

/** `producer-2` is the link of all producers to broker 2. */
export function clientLinkOf(name: string): { role: string; broker: number } | undefined {
  const [, role, broker] = /^(\w+)-(\d+)$/.exec(name) ?? []
  return role === undefined ? undefined : { role, broker: Number(broker) }
}

/** `replication link of broker-1 cut`. `names`: those of its targets that are to be mentioned. */
export function hitText(hit: Pick<Hit, 'part' | 'mark'>, names: string): string {
  return `${parts[hit.part]} ${names} ${markWord(hit)}`.trim()
}

export const isInForce = ({ from, to = Infinity }: Hit, t: number): boolean => from <= t && t < to
