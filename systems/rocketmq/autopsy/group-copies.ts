/** Where messages were stored, by extracts of the commit logs of their broker group. */
import type { FaultEvent } from '../../../history/events.ts'
import type { ReplicaExtract } from '../../../history/replicas.ts'
import { rocketmqShape } from '../shape.ts'
import { isPosition } from '../../shared/autopsy/replica-copies.ts'
import type { Finding, ReplicaCopies } from '../../shared/autopsy/replica-copies.ts'
import { dataFaults, hits } from '../../shared/autopsy/input.ts'
import type { AutopsyInput } from '../../shared/autopsy/input.ts'
import type { MessageGroup } from '../../shared/autopsy/groups.ts'
import { seconds, span } from '../../shared/autopsy/wording.ts'

export interface CopyReading {
  extract: ReplicaExtract
  finding: Finding
}

export class GroupCopies {
  readonly #p: number
  readonly #group: MessageGroup
  readonly #copies: ReplicaCopies
  readonly #input: AutopsyInput

  constructor(p: number, group: MessageGroup, copies: ReplicaCopies, input: AutopsyInput) {
    this.#p = p
    this.#group = group
    this.#copies = copies
    this.#input = input
  }

  /** Extracts of the broker taken at `from` or later, in order. */
  of(broker: number, from = 0): CopyReading[] {
    return this.#copies.of(broker).flatMap(index => {
      const extract = this.#copies.extracts[index]
      return extract && extract.t >= from ? [{ extract, finding: this.#group.findings[index] ?? 'unknown' }] : []
    })
  }

  /** What the broker's log held when this fault ended its process or dropped its page cache. */
  atDeath(broker: number, fault: FaultEvent): CopyReading | undefined {
    return this.of(broker, fault.t).find(
      ({ extract }) => (extract.at === 'killed' && extract.state === 'down') || extract.at === 'dark',
    )
  }

  /** What its disk had kept: read between a power loss and the next start. */
  onDisk(broker: number, fault: FaultEvent): CopyReading | undefined {
    return this.of(broker, fault.t).find(({ extract }) => extract.at !== 'dark' && extract.state === 'down')
  }

  /** Other brokers that have an extract with the messages, each with the first such extract. */
  elsewhere(broker: number): CopyReading[] {
    return this.#copies.brokers
      .filter(other => other !== broker)
      .flatMap(other => this.of(other).find(({ finding }) => isPosition(finding)) ?? [])
  }

  /**
   * Every other broker of the group was read after the acknowledgements, no extract of it has the messages, and its disk was
   * not hit before it was read.
   */
  isOnlyHolder(broker: number): boolean {
    const { lane, events } = this.#input
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
            dataFaults.includes(event.fault) &&
            hits(event, other) &&
            event.t >= sent &&
            event.t <= (first?.extract.t ?? Infinity),
        )
        return first !== undefined && !hit && reads.every(({ finding }) => finding === 'absent')
      })
    )
  }

  /** The queue offsets of the copies, from the first extract that contains them. */
  get offsets(): { from: number; to: number } | undefined {
    const index = this.#group.findings.findIndex(isPosition)
    return index < 0
      ? undefined
      : span(this.#group, s => {
          const found = this.#copies.find(index, s, -1)
          return isPosition(found) ? found.offset : NaN
        })
  }

  #replicas(): number {
    return groupOf(this.#p, this.#input)?.replicas ?? Infinity
  }
}

/** `broker 2's log, read at 2.1 s`. */
export const readOf = ({ broker, t }: ReplicaExtract): string => `broker ${broker}'s log, read at ${seconds(t)}`

/** The broker group of a partition. A topic's partitions are numbered group by group, in the order of its broker names. */
export function groupOf(p: number, { cell, trial }: Pick<AutopsyInput, 'cell' | 'trial'>) {
  const { groups } = rocketmqShape(trial)
  const topic = trial.lanes.find(({ id }) => id === cell.lane)?.topic
  const name = topic?.brokerNames[Math.floor((p * topic.brokerNames.length) / topic.partitions)]
  return groups.find(({ brokerName }) => brokerName === name) ?? (groups.length === 1 ? groups[0] : undefined)
}

/** Ids of the brokers of a partition's group. Brokers are numbered from 1, group by group. */
export function brokersOfGroup(p: number, input: Pick<AutopsyInput, 'cell' | 'trial'>): number[] {
  const { groups } = rocketmqShape(input.trial)
  const found = groupOf(p, input)
  const at = groups.findIndex(({ brokerName }) => brokerName === found?.brokerName)
  const before = groups.slice(0, Math.max(0, at)).reduce((sum, { replicas }) => sum + replicas, 0)
  return Array.from({ length: found?.replicas ?? 0 }, (_, place) => before + place + 1)
}

/** A setting of the brokers of this partition; undefined: RocketMQ's default. */
export function brokerSetting(
  p: number,
  name: string,
  input: Pick<AutopsyInput, 'cell' | 'trial'>,
): string | undefined {
  const set = input.cell.settings[`broker.${name}`] ?? groupOf(p, input)?.settings[name]
  return set === undefined || set === null ? undefined : String(set)
}
