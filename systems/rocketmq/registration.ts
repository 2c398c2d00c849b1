/** Registration of brokers with the name servers while a cluster boots. */
import type { RocketmqBrokers } from './cluster.ts'
import { admin } from '../../workloads/rocketmq-remoting/index.ts'
import type { Look } from '../../model/wait.ts'
import type { RocketmqObserver } from './observer/observer.ts'

const permission = 'brokerPermission'

/** Whether every name server knows every broker and the master of each group. */
export function allRegistered(cluster: RocketmqBrokers, observer: RocketmqObserver): Look<true> {
  const expected = [...cluster.groups].map(
    ([name, nodes]) => [name, nodes.map(({ id }) => cluster.advertised(id))] as const,
  )
  const reports = observer.nameServers(0)
  const missing = cluster.nameServers.flatMap(({ id, name }) => {
    const groups = reports.get(id)
    return expected.flatMap(([brokerName, addresses]) => {
      const known = new Set(groups?.get(brokerName)?.values())
      const unknown = addresses.filter(address => !known.has(address))
      const hasMaster = groups?.get(brokerName)?.has(0) === true
      return unknown.length === 0 && hasMaster
        ? []
        : [`${name} does not know ${unknown.join(', ') || 'the master'} of ${brokerName}`]
    })
  })
  return missing.length === 0 ? { value: true, seen: '' } : { seen: missing.join('; ') }
}

/**
 * Makes brokers register at once. A broker of 5.x looks for name servers that answer while it registers; one that boots
 * quickly finds none, and registers again only 10 s later. Setting its permission, even to the value it has, makes it
 * register. Slaves learn from the answer where to copy from, so each is asked once its master is known. This is done while
 * a cluster boots and never during a recovery, which takes as long as it takes.
 */
export class RegistrationRequests {
  readonly #cluster: RocketmqBrokers
  readonly #observer: RocketmqObserver
  readonly #asked = new Set<number>()

  constructor(cluster: RocketmqBrokers, observer: RocketmqObserver) {
    this.#cluster = cluster
    this.#observer = observer
  }

  /** Asks masters that are not known yet, and slaves whose master is known. */
  async send(): Promise<void> {
    const { client } = this.#observer
    const up = this.#observer.brokersUp()
    const reports = [...this.#observer.nameServers(0).values()]
    const due = [...this.#cluster.groups].flatMap(([brokerName, nodes]) => {
      const isKnown = (id: number) =>
        reports.length > 0 &&
        reports.every(groups => [...(groups.get(brokerName)?.values() ?? [])].includes(this.#cluster.advertised(id)))
      const [master, ...slaves] = nodes.map(({ id }) => id)
      if (master === undefined) return []
      return isKnown(master) ? slaves.filter(id => !this.#asked.has(id) || !isKnown(id)) : [master]
    })
    await Promise.all(
      due
        .filter(id => up.includes(id))
        .map(async id => {
          const address = this.#cluster.advertised(id)
          const { [permission]: current = '6' } = Object.fromEntries(await admin.brokerConfig(client, address))
          await admin.updateBrokerConfig(client, address, { [permission]: current })
          this.#asked.add(id)
        }),
    )
  }
}
