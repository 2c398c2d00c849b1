/**
 * A Kafka cluster of the user's own, reached at the addresses that its brokers advertise. The brokers of a compose project are
 * nodes that faults can hit; those of a cluster that is known by its address alone are not.
 */
import { isLabelled, removeLabelled } from '../../../docker/cleanup/cleanup.ts'
import { EngineEvents } from '../../../docker/engine/events.ts'
import { LossproofError } from '../../../model/errors.ts'
import type { OwnCluster } from '../../../model/plan.ts'
import type { ClientLink, FaultNode } from '../../../faults/fault.ts'
import { helperImage, toxiproxyImage } from '../../../docker/images/tools.ts'
import { lockProject } from '../../../docker/projects/project-lock.ts'
import { projectLabel } from '../../../docker/projects/project.ts'
import { clientProxyPort } from '../../shared/client-links.ts'
import type { ClientRole } from '../../shared/client-links.ts'
import type { ClusterOptions } from '../../shared/live-system.ts'
import { UnmanagedCluster } from '../../shared/own-cluster/unmanaged-cluster.ts'
import type { ClusterNode } from '../../shared/proxied-cluster.ts'
import { clientEntrypoint, startedLine } from '../cluster.ts'
import type { KafkaBrokers } from '../cluster.ts'
import { kafkaImages } from '../image/definition.ts'
import { brokerName, controllerName } from '../properties.ts'
import type { KafkaShape } from '../shape.ts'
import { findOwnCluster } from './nodes.ts'
import type { FoundCluster } from './nodes.ts'
import { findStarted, startOwnProject } from './started-project.ts'
import type { StartedProject } from './started-project.ts'
import { brokerVolumes, commonFolder } from './volumes.ts'
import type { BrokerVolume } from './volumes.ts'

interface Connected {
  found: FoundCluster
  /** Absent for a cluster that runs already. */
  started: StartedProject | undefined
  /** By broker; empty when no fault may empty a volume. */
  volumes: ReadonlyMap<number, BrokerVolume>
}

export class OwnKafkaCluster extends UnmanagedCluster implements KafkaBrokers {
  readonly brokers: FaultNode[]
  readonly controllers: FaultNode[]
  readonly isOwn = true
  /** Whether its project was started for the trial, and is removed with it. */
  readonly isStarted: boolean
  readonly messageFolder: string | undefined
  /** Which container is which broker. */
  readonly notes: readonly string[]
  readonly #addresses: ReadonlyMap<number, string>
  readonly #events: EngineEvents
  readonly #proxied: StartedProject['proxied']

  private constructor(options: ClusterOptions, version: string, { found, started, volumes }: Connected) {
    const { docker, images, events } = options
    const { brokers, project } = found
    const containers = [...(project?.containers ?? [])].map(([id, container]) => ({
      id,
      container,
      name: brokerName(id),
    }))
    const apart = [...(project?.controllers ?? [])].map(([id, container]) => ({
      id,
      container,
      name: controllerName(id),
    }))
    const all = [...apart, ...containers]
    const nodes = all.map(({ id, name, container: { id: containerId, addresses } }): ClusterNode => {
      const container = docker.getContainer(containerId)
      // Its network namespace is its own, and ends with its process.
      const holder = { container, address: addresses.join(',') }
      return { id, name, isBroker: containers.some(broker => broker.id === id), container, holder, startedLine }
    })
    super(
      {
        ...options,
        clientImage: images[kafkaImages.imageFor(version).name] ?? '',
        clientEntrypoint,
        helperImage: images[helperImage.name] ?? '',
        isForeign: started === undefined,
      },
      nodes,
      new Map([...volumes].map(([id, volume]) => [brokerName(id), volume])),
    )
    this.#events = events
    this.#proxied = started?.proxied
    this.isStarted = started !== undefined
    this.messageFolder = volumes.size === 0 ? undefined : commonFolder([...volumes.values()])
    this.brokers = brokers.map(({ id }) => ({ id, name: brokerName(id) }))
    this.controllers = (apart.length > 0 ? apart : containers).map(({ id, name }) => ({ id, name }))
    this.#addresses = new Map(brokers.map(({ id, address }) => [id, address]))
    this.notes = all.map(({ name, container }) => `${name} is ${container.name}, service ${container.service}`)
  }

  /** Throws LossproofError('capability-missing') when the cluster is not as the scenario says. */
  static async connect({ own, version }: KafkaShape, options: ClusterOptions): Promise<OwnKafkaCluster> {
    if (own === undefined) throw new LossproofError('internal', 'the plan has no cluster of the user')
    const { docker, labels } = options
    try {
      const connected = await connect(own, options)
      const { project } = connected.found
      const events =
        project === undefined
          ? options.events
          : await EngineEvents.watchLabelled(docker, `${projectLabel}=${project.name}`)
      return new OwnKafkaCluster({ ...options, events }, version, connected)
    } catch (error) {
      // What has been started holds ports that the next trial needs.
      await removeLabelled(docker, isLabelled(labels)).catch(() => {})
      throw error
    }
  }

  bootstrap(role: ClientRole): string[] {
    return this.brokers.map(({ id }) => this.address(role, id))
  }

  /** Without proxies every role of clients uses the same listener. */
  address(role: ClientRole, id: number): string {
    return this.#proxied?.proxies.address(clientProxyPort(role, id)) ?? this.#addresses.get(id) ?? ''
  }

  override clientLinks(role: ClientRole): ClientLink[] {
    const proxied = this.#proxied
    if (proxied === undefined) return []
    return proxied.brokers.map(({ id }) => ({
      ...proxied.proxies.link(`${role}-${id}`),
      broker: id,
      address: this.address(role, id),
    }))
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await super[Symbol.asyncDispose]()
    await this.#proxied?.network.remove().catch(() => {})
    if (this.nodes.all.length > 0) await this.#events[Symbol.asyncDispose]()
  }
}

async function connect(own: OwnCluster, options: ClusterOptions): Promise<Connected> {
  const { docker, images } = options
  const { compose } = own
  if (compose === undefined || compose.attach) {
    const found = await findOwnCluster(docker, own)
    const [container] = found.project?.containers.values() ?? []
    if (found.project !== undefined && container !== undefined)
      await lockProject(docker, { project: found.project.name, image: container.image, labels: options.labels })
    return { found, started: undefined, volumes: await brokerVolumes(found, compose?.volumes ?? []) }
  }
  const started = await startOwnProject(compose, { ...options, toxiproxyImage: images[toxiproxyImage.name] ?? '' })
  const found = await findStarted(docker, compose, started)
  return { found, started, volumes: await brokerVolumes(found, compose.volumes ?? []) }
}
