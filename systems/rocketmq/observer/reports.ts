/** Asks brokers, controllers and name servers of RocketMQ for their state, one question each. */
import type { RocketmqBrokers } from '../cluster.ts'
import { admin, RefusedError } from '../../../workloads/rocketmq-remoting/index.ts'
import type { RemotingClient } from '../../../workloads/rocketmq-remoting/index.ts'

/** Response code of brokers before 5.0, which have no HA status; their runtime info is read instead. */
const notSupported = 3

/** What one broker reports about itself. Times are ms on the trial's clock. */
export interface BrokerReport {
  askedAt: number
  /** When its process was started, by its own clock; a new number means a restart. */
  bootedAt: number
  /** Undefined where the broker does not report it. */
  isMaster: boolean | undefined
  /** Length of its commit log, bytes. */
  logEnd: number
  /** How far each slave that copies from it has acknowledged, bytes. */
  slaves: number[]
}

/** What the active controller reports about a broker group. */
export interface GroupReport {
  askedAt: number
  /** Node id; -1 while none is elected. */
  master: number
  epoch: number
  /** Node ids; undefined while it names a broker that has not registered yet. */
  syncStateSet: number[] | undefined
}

/** What one name server reports: the advertised addresses of each broker group. */
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
    // A new connection may lead to a restarted process, so the boot time is read again.
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

/**
 * What the broker has appended and not flushed, in words; undefined when there is nothing. Brokers report `0 B`, `1.1
 * KiB`.
 */
export function unflushedOf(name: string, info: ReadonlyMap<string, string>): string | undefined {
  const left = info.get('remainHowManyDataToFlush')
  return left === '0 B' ? undefined : `${name} has ${left ?? 'an unknown number of bytes'} to flush`
}

/** Controllers that are not active refuse, so the answer is the active one's. */
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
  if (master) ids.set(brokerName, master.brokerId, master.address)
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

/** Maps the ids that a controller gives the brokers of a group, in the order of their registration, to nodes. */
export class ControllerIds {
  readonly #cluster: RocketmqBrokers
  readonly #nodes = new Map<string, number>()

  constructor(cluster: RocketmqBrokers) {
    this.#cluster = cluster
  }

  node(brokerName: string, id: number): number | undefined {
    return this.#nodes.get(`${brokerName} ${id}`)
  }

  /** Name servers list a master under id 0, and slaves under the ids that the controller gave them. */
  learn(groups: NameServerReport['groups']): void {
    for (const [brokerName, addresses] of groups)
      for (const [id, address] of addresses) if (id !== 0) this.set(brokerName, id, address)
  }

  set(brokerName: string, id: number, address: string): void {
    const node = this.#cluster.nodeAt(address)
    if (node) this.#nodes.set(`${brokerName} ${id}`, node.id)
  }
}
