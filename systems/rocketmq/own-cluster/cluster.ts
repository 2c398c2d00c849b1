/** A RocketMQ cluster of the user's own, known by its name servers and reached at the addresses that its brokers advertise. */
import type { FaultNode } from '../../../faults/fault.ts'
import { helperImage } from '../../../docker/images/tools.ts'
import { LossproofError } from '../../../model/errors.ts'
import type { Trial } from '../../../model/plan.ts'
import type { ClusterOptions } from '../../shared/live-system.ts'
import { UnmanagedCluster } from '../../shared/own-cluster/unmanaged-cluster.ts'
import { clientEntrypoint } from '../cluster.ts'
import type { RocketmqBrokers } from '../cluster.ts'
import { rocketmqImages } from '../image/definition.ts'
import { brokerName, firstNameServer, nameServerName } from '../properties.ts'
import type { RocketmqClusterShape } from '../shape.ts'
import { reachCluster } from './reach.ts'
import type { FoundBroker, FoundCluster } from './reach.ts'

export class OwnRocketmqCluster extends UnmanagedCluster implements RocketmqBrokers {
  readonly isOwn = true
  readonly isVersion4: boolean
  readonly brokers: FaultNode[]
  readonly nameServers: FaultNode[]
  readonly groups: ReadonlyMap<string, FaultNode[]>
  readonly advertisedNameServers: string[]
  /** They may exist, and are not known. */
  readonly advertisedControllers: string[] = []
  /** Which broker is which. */
  readonly notes: readonly string[]
  /** Where topics are removed: name servers, and masters, which may be down or replaced by then. */
  readonly removedFrom: readonly string[]
  readonly #addresses: ReadonlyMap<number, string>

  private constructor(options: ClusterOptions, version: string, { nameServers, brokers, isVersion4 }: FoundCluster) {
    const { images } = options
    super(
      {
        ...options,
        clientImage: images[rocketmqImages.imageFor(version).name] ?? '',
        clientEntrypoint,
        helperImage: images[helperImage.name] ?? '',
        isForeign: true,
      },
      [],
    )
    this.isVersion4 = isVersion4
    const numbered = brokers.map((broker, at) => ({ ...broker, node: { id: at + 1, name: brokerName(at + 1) } }))
    this.brokers = numbered.map(({ node }) => node)
    this.groups = new Map(
      [...Map.groupBy(numbered, broker => broker.brokerName)].map(([name, group]) => [
        name,
        group.map(({ node }) => node),
      ]),
    )
    this.nameServers = nameServers.map((_, at) => ({ id: firstNameServer + at, name: nameServerName(at + 1) }))
    this.advertisedNameServers = [...nameServers]
    this.#addresses = new Map([
      ...numbered.map(({ node, address }) => [node.id, address] as const),
      ...nameServers.map((address, at) => [firstNameServer + at, address] as const),
    ])
    this.notes = numbered.map(
      ({ node, brokerName: name, brokerId, address }) => `${node.name} is ${name} ${brokerId} at ${address}`,
    )
    this.removedFrom = [
      ...nameServers,
      ...brokers.filter(({ brokerId }) => brokerId === 0).map(({ address }) => address),
    ]
  }

  /** Throws LossproofError('capability-missing') when the cluster cannot be tested as the scenario asks. */
  static async connect(
    { own, version, masters = 1 }: RocketmqClusterShape,
    options: ClusterOptions,
  ): Promise<OwnRocketmqCluster> {
    if (own === undefined) throw new LossproofError('internal', 'the plan has no cluster of the user')
    const found = await reachCluster(own.bootstrap)
    return new OwnRocketmqCluster(options, version, { ...found, brokers: ofFirstGroups(found.brokers, masters) })
  }

  nodeAt(advertised: string): FaultNode | undefined {
    return this.brokers.find(({ id }) => this.#addresses.get(id) === advertised)
  }

  advertised(id: number): string {
    return this.#addresses.get(id) ?? ''
  }

  /** Clients use the addresses that brokers advertise. */
  addresses(): Record<string, string> {
    return {}
  }

  /** The trial with the broker groups of its topics. */
  place(trial: Trial): Trial {
    const brokerNames = [...this.groups.keys()]
    return { ...trial, lanes: trial.lanes.map(lane => ({ ...lane, topic: { ...lane.topic, brokerNames } })) }
  }
}

/** The brokers of the first `masters` groups. */
export function ofFirstGroups(brokers: readonly FoundBroker[], masters: number): FoundBroker[] {
  const names = [...new Set(brokers.map(broker => broker.brokerName))]
  if (names.length < masters)
    throw new LossproofError(
      'capability-missing',
      `cluster.masters: ${masters} masters need ${masters} broker groups, and the cluster has ${names.length}: ${names.join(', ')}`,
    )
  const used = names.slice(0, masters)
  return brokers.filter(broker => used.includes(broker.brokerName))
}
