/** Sets iptables rules in the network namespaces of a cluster's nodes, from helper containers. */
import type Dockerode from 'dockerode'
import type { Dropping } from '../../faults/fault.ts'
import { LossproofError } from '../../model/errors.ts'
import { runInHelper } from '../nodes/helper.ts'
import type { Labels } from '../engine/labels.ts'
import { countDropped, dropRulesBetween, isolationRules } from './netfilter.ts'
import type { Direction, Endpoint, NodeRules } from './netfilter.ts'
import type { Nodes } from '../nodes/nodes.ts'

export interface NodeNetworkOptions {
  docker: Dockerode
  helperImage: string
  labels: Labels
  nodes: Nodes
  /** The proxy's port for replication from node `id`; undefined when nothing is replicated from it. */
  replicationProxyPort: (id: number) => number | undefined
}

export class NodeNetwork {
  readonly #options: NodeNetworkOptions

  constructor(options: NodeNetworkOptions) {
    this.#options = options
  }

  /**
   * Drops packets between the two nodes of each pair, or only those towards or from the first. Clients still reach all
   * nodes.
   */
  async dropBetween(pairs: readonly (readonly [number, number])[], direction: Direction): Promise<Dropping> {
    const ends = new Map<number, Endpoint>()
    for (const id of new Set(pairs.flat())) ends.set(id, await this.#end(id))
    const known = (id: number) => ends.get(id) ?? { id, address: '' }
    return this.#drop(
      dropRulesBetween(
        pairs.map(([target, other]) => [known(target), known(other)] as const),
        direction,
      ),
    )
  }

  /** Drops every packet from and to the nodes. */
  async isolate(ids: readonly number[]): Promise<Dropping> {
    return this.#drop(new Map(ids.map(id => [id, isolationRules])))
  }

  async #drop(rules: NodeRules): Promise<Dropping> {
    await this.#apply('-A', rules)
    return {
      seen: async ({ id }) => countDropped(await this.#inNetwork(id, 'iptables -nvxL')),
      undo: async () => this.#apply('-D', rules),
    }
  }

  /** Deleting a missing rule is no error. A node that is down has no rules, because its network namespace is gone. */
  async #apply(verb: '-A' | '-D', rules: NodeRules): Promise<void> {
    const applied = [...rules].map(async ([id, list]) => {
      const commands = list.map(rule => `iptables ${verb} ${rule.join(' ')}`)
      if (verb === '-A') return this.#inNetwork(id, commands.join(' && '))
      const { running } = await this.#options.nodes.state(id)
      return running ? this.#inNetwork(id, commands.map(command => `${command} 2>/dev/null || true`).join('; ')) : ''
    })
    await Promise.all(applied)
  }

  async #inNetwork(id: number, script: string): Promise<string> {
    const { docker, helperImage, labels, nodes } = this.#options
    const network = `container:${nodes.find(id).container.id}`
    return runInHelper(docker, { image: helperImage, labels, network, capabilities: ['NET_ADMIN', 'NET_RAW'] }, script)
  }

  async #end(id: number): Promise<Endpoint> {
    const { nodes, replicationProxyPort } = this.#options
    const { NetworkSettings: network } = await nodes.find(id).container.inspect()
    const address = Object.values(network.Networks)[0]?.IPAMConfig?.IPv4Address
    if (address === undefined) throw new LossproofError('internal', `${nodes.find(id).name} has no fixed address`)
    const port = replicationProxyPort(id)
    return { id, address, ...(port === undefined ? {} : { replicationProxyPort: port }) }
  }
}
