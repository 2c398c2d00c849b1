/**
 * A Kafka cluster of the user's own, reached at the addresses that its brokers advertise. The brokers of a compose project are
 * nodes that faults can hit; those of a cluster that is known by its address alone are not.
 */
import { EngineEvents } from '../../../docker/engine/events.ts'
import { LossproofError } from '../../../model/errors.ts'
import type { FaultNode } from '../../../faults/fault.ts'
import { helperImage } from '../../../docker/images/tools.ts'
import { projectLabel } from '../../../docker/projects/project.ts'
import type { ClientRole } from '../../shared/client-links.ts'
import type { ClusterOptions } from '../../shared/live-system.ts'
import { UnmanagedCluster } from '../../shared/own-cluster/unmanaged-cluster.ts'
import type { ClusterNode } from '../../shared/proxied-cluster.ts'
import { clientEntrypoint, startedLine } from '../cluster.ts'
import type { KafkaBrokers } from '../cluster.ts'
import { kafkaImages } from '../image/definition.ts'
import { brokerName } from '../properties.ts'
import type { KafkaShape } from '../shape.ts'
import { findOwnCluster } from './nodes.ts'
import type { FoundCluster } from './nodes.ts'

export class OwnKafkaCluster extends UnmanagedCluster implements KafkaBrokers {
  readonly brokers: FaultNode[]
  readonly controllers: FaultNode[]
  readonly isOwn = true
  /** Which container is which broker. */
  readonly notes: readonly string[]
  readonly #addresses: ReadonlyMap<number, string>
  readonly #events: EngineEvents

  private constructor(options: ClusterOptions, version: string, { brokers, project }: FoundCluster) {
    const { docker, images, events } = options
    const containers = [...(project?.containers ?? [])]
    const nodes = containers.map(([id, { id: container, addresses }]): ClusterNode => {
      const own = docker.getContainer(container)
      // Its network namespace is its own, and ends with its process.
      const holder = { container: own, address: addresses.join(',') }
      return { id, name: brokerName(id), isBroker: true, container: own, holder, startedLine }
    })
    super(
      {
        ...options,
        clientImage: images[kafkaImages.imageFor(version).name] ?? '',
        clientEntrypoint,
        helperImage: images[helperImage.name] ?? '',
      },
      nodes,
    )
    this.#events = events
    this.brokers = brokers.map(({ id }) => ({ id, name: brokerName(id) }))
    this.controllers = nodes.map(({ id, name }) => ({ id, name }))
    this.#addresses = new Map(brokers.map(({ id, address }) => [id, address]))
    this.notes = containers.map(([id, { name, service }]) => `${brokerName(id)} is ${name}, service ${service}`)
  }

  /** Throws LossproofError('capability-missing') when the cluster is not as the scenario says. */
  static async connect({ own, version }: KafkaShape, options: ClusterOptions): Promise<OwnKafkaCluster> {
    if (own === undefined) throw new LossproofError('internal', 'the plan has no cluster of the user')
    const found = await findOwnCluster(options.docker, own)
    const { project } = found
    const events =
      project === undefined
        ? options.events
        : await EngineEvents.watchLabelled(options.docker, `${projectLabel}=${project.name}`)
    return new OwnKafkaCluster({ ...options, events }, version, found)
  }

  bootstrap(): string[] {
    return [...this.#addresses.values()]
  }

  /** Every role of clients uses the same listener. */
  address(_role: ClientRole, id: number): string {
    return this.#addresses.get(id) ?? ''
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await super[Symbol.asyncDispose]()
    if (this.nodes.all.length > 0) await this.#events[Symbol.asyncDispose]()
  }
}
