/** What brokers, controllers and name servers of RocketMQ say of themselves and of each other, asked again and again. */
import type { RocketmqCluster } from '../cluster.ts'
import { admin, RefusedError } from '../../../workloads/rocketmq-remoting/index.ts'
import type { RemotingClient } from '../../../workloads/rocketmq-remoting/index.ts'

/** Brokers before 5.0 have no HA status; their runtime info is asked for instead. */
const notSupported = 3

/** One broker's own word. Times are ms on the trial's clock. */
export interface BrokerReport {
  askedAt: number
  /** When this process was started, by its own clock; another number is another life. */
  bootedAt: number
  /** Undefined: it does not say. */
  isMaster: boolean | undefined
  /** How far its commit log reaches, bytes. */
  logEnd: number
  /** How far each slave that copies from it has acknowledged, bytes. */
  slaves: number[]
}

/** The controller's word on a broker group. */
export interface GroupReport {
  askedAt: number
  /** -1: none is elected. */
  master: number
  epoch: number
  /** Undefined while it names a broker that has not registered yet. */
  syncStateSet: number[] | undefined
}

/** What one name server knows: the advertised addresses of each broker group. */
export interface NameServerReport {
  askedAt: number
  groups: ReadonlyMap<string, ReadonlyMap<number, string>>
}

export class BrokerProbe {
  readonly #client: RemotingClient
  readonly #address: string
  #bootedAt: number | undefined
  #hasHaStatus = true

  constructor(client: RemotingClient, address: string) {
    this.#client = client
    this.#address = address
    // A process that was started anew has none of the old one's connections.
    client.onConnect(connected => {
      if (connected === address) this.#bootedAt = undefined
    })
  }

  async ask(askedAt: number): Promise<BrokerReport> {
    const status = this.#hasHaStatus ? await this.#haStatus() : undefined
    const info =
      this.#bootedAt === undefined || !status ? await admin.runtimeInfo(this.#client, this.#address) : undefined
    const bootedAt = info ? Number(info.get('bootTimestamp')) : this.#bootedAt
    this.#bootedAt = bootedAt
    if (!status)
      return {
        askedAt,
        bootedAt: bootedAt ?? 0,
        isMaster: undefined,
        logEnd: Number(info?.get('commitLogMaxOffset') ?? -1),
        slaves: [],
      }
    return {
      askedAt,
      bootedAt: bootedAt ?? 0,
      isMaster: status.isMaster,
      logEnd: status.slave?.commitLogMaxOffset ?? status.masterCommitLogMaxOffset,
      slaves: status.slaves.map(({ ackOffset }) => ackOffset),
    }
  }

  async #haStatus() {
    try {
      return await admin.haStatus(this.#client, this.#address)
    } catch (error) {
      if (!(error instanceof RefusedError) || error.responseCode !== notSupported) throw error
      this.#hasHaStatus = false
      return undefined
    }
  }
}

/** Undefined when everything that the broker has appended is flushed. It tells bytes as `0 B`, `1.1 KiB`. */
export function unflushedOf(name: string, info: ReadonlyMap<string, string>): string | undefined {
  const left = info.get('remainHowManyDataToFlush')
  return left === '0 B' ? undefined : `${name} has ${left ?? 'an unknown number of bytes'} to flush`
}

/** A controller that does not lead refuses; so the report is the leader's. */
export async function askController(
  client: RemotingClient,
  controllers: readonly string[],
  brokerName: string,
  askedAt: number,
  ids: ControllerIds,
): Promise<GroupReport> {
  const { master, masterEpoch, syncStateSet } = await Promise.any(
    controllers.map(async address => admin.replicaInfo(client, address, brokerName)),
  )
  if (master) ids.tell(brokerName, master.brokerId, master.address)
  const nodes = syncStateSet.map(id => ids.node(brokerName, id))
  const known = nodes.filter(id => id !== undefined)
  return {
    askedAt,
    master: (master && ids.node(brokerName, master.brokerId)) ?? -1,
    epoch: masterEpoch,
    syncStateSet: known.length === nodes.length ? known.toSorted((a, b) => a - b) : undefined,
  }
}

export async function askNameServer(
  client: RemotingClient,
  address: string,
  askedAt: number,
): Promise<NameServerReport> {
  return { askedAt, groups: await admin.clusterBrokers(client, address) }
}

/** The node behind each id that the controller of a group gives its brokers: they count in the order of registration. */
export class ControllerIds {
  readonly #cluster: RocketmqCluster
  readonly #nodes = new Map<string, number>()

  constructor(cluster: RocketmqCluster) {
    this.#cluster = cluster
  }

  node(brokerName: string, id: number): number | undefined {
    return this.#nodes.get(`${brokerName} ${id}`)
  }

  /** Name servers list a master under 0, and slaves under their own ids. */
  learn(groups: NameServerReport['groups']): void {
    for (const [brokerName, addresses] of groups)
      for (const [id, address] of addresses) if (id !== 0) this.tell(brokerName, id, address)
  }

  tell(brokerName: string, id: number, address: string): void {
    const node = this.#cluster.nodeAt(address)
    if (node) this.#nodes.set(`${brokerName} ${id}`, node.id)
  }
}
