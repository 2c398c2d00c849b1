/** Sets iptables rules in the network namespaces of a cluster's nodes, from helper containers. */
import type Dockerode from 'dockerode'
import type { Dropping } from '../../faults/fault.ts'
import { LossproofError } from '../../model/errors.ts'
import type { Labels } from '../engine/labels.ts'
import type { Nodes } from '../nodes/nodes.ts'
import { countDropped, dropRulesBetween, isolationRules } from './netfilter.ts'
import type { Direction, Endpoint, NodeRules } from './netfilter.ts'
import { addRules, removeRules, runInNamespace } from './rules.ts'
import type { RuleSite } from './rules.ts'

export interface NodeNetworkOptions {
  docker: Dockerode
  helperImage: string
  labels: Labels
  nodes: Nodes
  /** The proxy's port for replication from node `id`; undefined when nothing is replicated from it. */
  replicationProxyPort: (id: number) => number | undefined
  /** For containers that are not ours: told before rules are added, and after they were removed. */
  acts?: RuleActs
}

export interface RuleActs {
  /** Resolves with a name for `forget`. */
  begin(container: string, act: { kind: 'cut'; startedAt: string; image: string; rules: string[][] }): Promise<string>
  forget(name: string): Promise<void>
}

export class NodeNetwork {
  readonly #options: NodeNetworkOptions
  /** Rules that were set and not undone. They stand for a network outside the nodes, so they outlive a node's restart. */
  readonly #active = new Set<NodeRules>()
  /** Names that `acts` gave to what it was told about these rules. */
  readonly #told = new Map<NodeRules, string[]>()
  /** Of nodes, as rules between nodes have them. */
  readonly #addresses = new Map<number, string>()

  constructor(options: NodeNetworkOptions) {
    this.#options = options
    options.nodes.onNewNamespace(async id => this.#restore(id))
  }

  /**
   * Drops packets between the two nodes of each pair, or only those towards or from the first. Clients still reach all
   * nodes.
   */
  async dropBetween(pairs: readonly (readonly [number, number])[], direction: Direction): Promise<Dropping> {
    const ids = [...new Set(pairs.flat())]
    const ends = new Map(await Promise.all(ids.map(async id => [id, await this.#endpoint(id)] as const)))
    const endOf = (id: number) => ends.get(id) ?? { id, address: '' }
    return this.#drop(
      dropRulesBetween(
        pairs.map(([target, other]) => [endOf(target), endOf(other)] as const),
        direction,
      ),
    )
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
    await this.#add(new Map(ids.map(id => [id, isolationRules])))
    return { seen: this.#seen }
  }

  /** Whether every packet of the node is dropped at present. */
  isIsolated(id: number): boolean {
    const isolated = [...this.#active].some(rules => rules.get(id) === isolationRules)
    return isolated || this.#options.nodes.isWithoutPower(id)
  }

  async #drop(rules: NodeRules): Promise<Dropping> {
    this.#active.add(rules)
    await this.#add(rules)
    return {
      seen: this.#seen,
      undo: async () => {
        if (!this.#active.has(rules)) return
        await this.#remove(rules)
        this.#active.delete(rules)
      },
    }
  }

  readonly #seen = async ({ id }: { id: number }) =>
    countDropped(await runInNamespace(this.#site, await this.#namespaceOf(id), 'iptables -nvxL'))

  async #add(rules: NodeRules): Promise<void> {
    await Promise.all([...rules].map(async ([id, list]) => this.#addTo(id, list, rules)))
  }

  async #addTo(id: number, list: string[][], all: NodeRules): Promise<void> {
    if (list.length === 0) return
    const { acts, helperImage, nodes } = this.#options
    const container = await this.#namespaceOf(id)
    if (acts !== undefined) {
      const { startedAt } = await nodes.state(id)
      const name = await acts.begin(container, { kind: 'cut', startedAt, image: helperImage, rules: list })
      this.#told.set(all, [...(this.#told.get(all) ?? []), name])
    }
    await addRules(this.#site, container, list)
  }

  /** The rules of a node that is down are gone where its namespace ended with it. */
  async #remove(rules: NodeRules): Promise<void> {
    const { acts, nodes } = this.#options
    const ids = [...rules.keys()]
    const isGone = async (id: number) => nodes.endsNamespace(id) && !(await nodes.state(id)).running
    const there = await Promise.all(ids.map(async id => !(await isGone(id))))
    await Promise.all(
      ids.map(async (id, at) => {
        const list = rules.get(id) ?? []
        if (there[at] === true && list.length > 0) await removeRules(this.#site, await this.#namespaceOf(id), list)
      }),
    )
    for (const name of this.#told.get(rules) ?? []) await acts?.forget(name)
    this.#told.delete(rules)
  }

  async #restore(id: number): Promise<void> {
    if (this.#active.size === 0) return
    const [before, now] = [this.#addresses.get(id), await this.#options.nodes.addressOf(id)]
    if (before !== undefined && before !== now)
      throw new LossproofError(
        'cluster',
        `${this.#options.nodes.find(id).name} has the address ${now} since its start, and had ${before}: rules of other nodes miss it`,
        { hint: 'heal the partition before the node is started' },
      )
    for (const rules of this.#active) await this.#addTo(id, rules.get(id) ?? [], rules)
  }

  get #site(): RuleSite {
    const { docker, helperImage: image, labels } = this.#options
    return { docker, image, labels }
  }

  /** The container whose namespace is the node's, and nobody else's. */
  async #namespaceOf(id: number): Promise<string> {
    const { nodes } = this.#options
    const { holder, name } = nodes.find(id)
    if (!nodes.endsNamespace(id)) return holder.container.id
    const { HostConfig: host } = await holder.container.inspect()
    const mode = host.NetworkMode ?? ''
    if (mode === 'host' || mode.startsWith('container:'))
      throw new LossproofError(
        'cluster',
        `${name} has no network of its own (network_mode ${mode}), so its packets cannot be dropped without those of others`,
      )
    return holder.container.id
  }

  async #endpoint(id: number): Promise<Endpoint> {
    const { nodes, replicationProxyPort } = this.#options
    const address = await nodes.addressOf(id)
    this.#addresses.set(id, address)
    const port = replicationProxyPort(id)
    return { id, address, ...(port === undefined ? {} : { replicationProxyPort: port }) }
  }
}
