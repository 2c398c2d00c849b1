/** RocketMQ: where messages lay, by extracts of the commit logs of their broker group. */
import type { ReplicaExtract } from '../../../history/replicas.ts'
import { rocketmqShape } from '../shape.ts'
import type { Copies, Finding } from '../../shared/autopsy/copies.ts'
import { hits } from '../../shared/autopsy/evidence.ts'
import type { Evidence, Fault } from '../../shared/autopsy/evidence.ts'
import type { Group } from '../../shared/autopsy/groups.ts'
import { seconds, span } from '../../shared/autopsy/words.ts'

export interface Read {
  extract: ReplicaExtract
  finding: Finding
}

export class Lay {
  readonly #p: number
  readonly #group: Group
  readonly #copies: Copies
  readonly #evidence: Evidence

  constructor(p: number, group: Group, copies: Copies, evidence: Evidence) {
    this.#p = p
    this.#group = group
    this.#copies = copies
    this.#evidence = evidence
  }

  /** Extracts of the broker that began at `from` or later, in turn. */
  of(broker: number, from = 0): Read[] {
    return this.#copies.of(broker).flatMap(index => {
      const extract = this.#copies.extracts[index]
      return extract && extract.t >= from ? [{ extract, finding: this.#group.findings[index] ?? 'unknown' }] : []
    })
  }

  /** What the broker held when this fault took its process or its page cache; undefined where that was not read. */
  atDeath(broker: number, fault: Fault): Read | undefined {
    return this.of(broker, fault.t).find(
      ({ extract }) => (extract.at === 'killed' && extract.state === 'down') || extract.at === 'dark',
    )
  }

  /** What its disk had kept when it was read between a power loss and its next start. */
  onDisk(broker: number, fault: Fault): Read | undefined {
    return this.of(broker, fault.t).find(({ extract }) => extract.at !== 'dark' && extract.state === 'down')
  }

  /** Brokers of which an extract has them, other than `broker`, each with the first such. */
  elsewhere(broker: number): Read[] {
    return this.#copies.brokers
      .filter(other => other !== broker)
      .flatMap(other => this.of(other).find(({ finding }) => isPlace(finding)) ?? [])
  }

  /**
   * Every other broker of the group was read after the messages were acknowledged, or when it died, and no extract of it has
   * them; nor was its disk hit in between.
   */
  nobodyElse(broker: number): boolean {
    const { lane, events } = this.#evidence
    const [sent, acked] = [
      span(this.#group, s => lane.table.sentAt.get(s)).from,
      span(this.#group, s => lane.table.ackedAt.get(s)).to,
    ]
    const others = this.#copies.brokers.filter(other => other !== broker)
    return (
      others.length + 1 === this.#replicas() &&
      others.every(other => {
        const reads = this.of(other)
        const first = reads.find(({ extract }) => extract.t >= acked)
        const hit = events.some(
          event =>
            event.kind === 'fault' &&
            (event.fault === 'power-loss' || event.fault === 'wipe-disk') &&
            hits(event, other) &&
            event.t >= sent &&
            event.t <= (first?.extract.t ?? Infinity),
        )
        return first !== undefined && !hit && reads.every(({ finding }) => finding === 'absent')
      })
    )
  }

  /** Their queue offsets in the first extract that has them. */
  get offsets(): { from: number; to: number } | undefined {
    const index = this.#group.findings.findIndex(isPlace)
    return index < 0
      ? undefined
      : span(this.#group, s => {
          const found = this.#copies.find(index, s, -1)
          return isPlace(found) ? found.offset : NaN
        })
  }

  #replicas(): number {
    return groupOf(this.#p, this.#evidence)?.replicas ?? Infinity
  }
}

export const isPlace = (finding: Finding): finding is Exclude<Finding, string> => typeof finding !== 'string'

/** `broker 2's log, read at 2.1 s`. */
export const readOf = ({ broker, t }: ReplicaExtract): string => `broker ${broker}'s log, read at ${seconds(t)}`

/** The broker group of the partition: those of the topic's first name first. */
export function groupOf(p: number, { cell, trial }: Pick<Evidence, 'cell' | 'trial'>) {
  if (trial.system !== 'rocketmq') return undefined
  const { groups } = rocketmqShape(trial)
  const topic = trial.lanes.find(({ id }) => id === cell.lane)?.topic
  const name = topic?.brokerNames[Math.floor((p * topic.brokerNames.length) / topic.partitions)]
  return groups.find(({ brokerName }) => brokerName === name) ?? (groups.length === 1 ? groups[0] : undefined)
}

/** A setting of the brokers that have the partition; undefined: the default. */
export function brokerSetting(p: number, name: string, evidence: Pick<Evidence, 'cell' | 'trial'>): string | undefined {
  const set = evidence.cell.settings[`broker.${name}`] ?? groupOf(p, evidence)?.settings[name]
  return set === undefined || set === null ? undefined : String(set)
}
