/** Sets iptables rules in the network namespaces of a cluster's nodes, from helper containers. */
import type Dockerode from 'dockerode'
import type { Dropping } from '../../faults/fault.ts'
import type { Labels } from '../engine/labels.ts'
import { runInHelper } from '../nodes/helper.ts'
import type { Nodes } from '../nodes/nodes.ts'
import { countDropped, dropRulesBetween, isolationRules } from './netfilter.ts'
import type { Direction, Endpoint, NodeRules } from './netfilter.ts'

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
  /** Rules that were set and not undone. They stand for a network outside the nodes, so they outlive a node's restart. */
  readonly #active = new Set<NodeRules>()

  constructor(options: NodeNetworkOptions) {
    this.#options = options
    options.nodes.onNewNamespace(async id => this.#restore(id))
  }

  /**
   * Drops packets between the two nodes of each pair, or only those towards or from the first. Clients still reach all
   * nodes.
   */
  async dropBetween(pairs: readonly (readonly [number, number])[], direction: Direction): Promise<Dropping> {
    const ends = pairs.map(([target, other]) => [this.#endpoint(target), this.#endpoint(other)] as const)
    return this.#drop(dropRulesBetween(ends, direction))
  }

  /** Drops every packet from and to the nodes. */
  async isolate(ids: readonly number[]): Promise<Dropping> {
    return this.#drop(new Map(ids.map(id => [id, isolationRules])))
  }

  /**
   * Like `isolate`, for machines that are about to lose power. There is no way back but `boot`, which gives the node a
   * namespace without these rules.
   */
  async isolateUntilBoot(ids: readonly number[]): Promise<Pick<Dropping, 'seen'>> {
    await this.#apply('-A', new Map(ids.map(id => [id, isolationRules])))
    return { seen: this.#seen }
  }

  /** Whether every packet of the node is dropped at present. */
  isIsolated(id: number): boolean {
    const isolated = [...this.#active].some(rules => rules.get(id) === isolationRules)
    return isolated || this.#options.nodes.isWithoutPower(id)
  }

  async #drop(rules: NodeRules): Promise<Dropping> {
    this.#active.add(rules)
    await this.#apply('-A', rules)
    return {
      seen: this.#seen,
      undo: async () => {
        if (!this.#active.has(rules)) return
        await this.#apply('-D', rules)
        this.#active.delete(rules)
      },
    }
  }

  readonly #seen = async ({ id }: { id: number }) => countDropped(await this.#inNamespace(id, 'iptables -nvxL'))

  /** Deleting a missing rule is no error. */
  async #apply(verb: '-A' | '-D', rules: NodeRules): Promise<void> {
    await Promise.all([...rules].map(async ([id, list]) => this.#applyTo(id, verb, list)))
  }

  async #applyTo(id: number, verb: '-A' | '-D', rules: readonly string[][]): Promise<void> {
    const commands = rules.map(rule => `iptables ${verb} ${rule.join(' ')}`)
    if (commands.length === 0) return
    await this.#inNamespace(
      id,
      verb === '-A' ? commands.join(' && ') : commands.map(command => `${command} 2>/dev/null || true`).join('; '),
    )
  }

  async #restore(id: number): Promise<void> {
    for (const rules of this.#active) await this.#applyTo(id, '-A', rules.get(id) ?? [])
  }

  async #inNamespace(id: number, script: string): Promise<string> {
    const { docker, helperImage, labels, nodes } = this.#options
    const network = `container:${nodes.find(id).holder.container.id}`
    return runInHelper(docker, { image: helperImage, labels, network, capabilities: ['NET_ADMIN', 'NET_RAW'] }, script)
  }

  #endpoint(id: number): Endpoint {
    const { nodes, replicationProxyPort } = this.#options
    const { address } = nodes.find(id).holder
    const port = replicationProxyPort(id)
    return { id, address, ...(port === undefined ? {} : { replicationProxyPort: port }) }
  }
}
