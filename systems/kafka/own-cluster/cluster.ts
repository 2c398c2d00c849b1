/** A Kafka cluster of the user's own, reached at the addresses that its brokers advertise. */
import { LossproofError } from '../../../model/errors.ts'
import type { FaultNode } from '../../../faults/fault.ts'
import type { ImageReferences } from '../../../docker/images/definition.ts'
import { helperImage } from '../../../docker/images/tools.ts'
import type { AdvertisedBroker } from '../../../workloads/clients/platformatic/own-cluster.ts'
import type { ClientRole } from '../../shared/client-links.ts'
import type { ClusterOptions } from '../../shared/live-system.ts'
import { UnmanagedCluster } from '../../shared/own-cluster/unmanaged-cluster.ts'
import { clientEntrypoint } from '../cluster.ts'
import type { KafkaBrokers } from '../cluster.ts'
import { kafkaImages } from '../image/definition.ts'
import { brokerName } from '../properties.ts'
import type { KafkaShape } from '../shape.ts'
import { reachBrokers } from './reach.ts'

export class OwnKafkaCluster extends UnmanagedCluster implements KafkaBrokers {
  readonly brokers: FaultNode[]
  readonly controllers: FaultNode[] = []
  readonly isOwn = true
  readonly #addresses: ReadonlyMap<number, string>

  private constructor(options: ClusterOptions, shape: KafkaShape, brokers: readonly AdvertisedBroker[]) {
    const { docker, labels, events, images } = options
    const clientImage = referenceOf(images, kafkaImages.imageFor(shape.version).name)
    super(
      { docker, labels, events, clientImage, clientEntrypoint, helperImage: referenceOf(images, helperImage.name) },
      [],
    )
    this.brokers = brokers.map(({ id }) => ({ id, name: brokerName(id) }))
    this.#addresses = new Map(brokers.map(({ id, address }) => [id, address]))
  }

  /** Throws LossproofError('capability-missing') when a broker cannot be reached. */
  static async find(shape: KafkaShape, options: ClusterOptions): Promise<OwnKafkaCluster> {
    const { own } = shape
    if (own === undefined) throw new LossproofError('internal', 'the plan has no cluster of the user')
    return new OwnKafkaCluster(options, shape, await reachBrokers(own.bootstrap))
  }

  bootstrap(): string[] {
    return [...this.#addresses.values()]
  }

  /** Every role of clients uses the same listener. */
  address(_role: ClientRole, id: number): string {
    return this.#addresses.get(id) ?? ''
  }
}

/** Empty where the run needs no such image. */
const referenceOf = (images: ImageReferences, name: string): string => images[name] ?? ''
