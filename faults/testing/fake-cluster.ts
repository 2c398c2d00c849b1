/**
 * A cluster in memory into which faults can be injected: nodes with a link and a disk each, clients, and two partitions,
 * led by the first two nodes and copied by all others. Every look at the replicas finds more messages.
 */
import type { ClientState } from '../contract/client.ts'
import type { FaultContext } from '../contract/context.ts'
import type { FaultTarget } from '../contract/fault.ts'
import type { Probe } from '../contract/link.ts'
import type { FaultNode } from '../contract/node.ts'
import { folder, kept, linkThatMaySpare, newClient, newLink, newNode } from './fake-parts.ts'
import type { FakeLink, FakeNode } from './fake-parts.ts'

const answerMs = 2
const answerBytes = 500
const longMs = 1_000_000

export class FakeCluster {
  readonly nodes: FakeNode[]
  readonly links: FakeLink[]
  readonly replicationLinks: FakeLink[]
  readonly clients: { name: string; state: ClientState }[]
  readonly partitions: { partition: number; leader: number; epoch: number; ends: Record<number, number> }[]
  controller = { id: 1, epoch: 5 }
  readonly #dropped = new Set<number>()

  constructor({ nodes = 4, clients = 2 } = {}) {
    const ids = Array.from({ length: nodes }, (_, at) => at + 1)
    this.nodes = ids.map(newNode)
    this.links = ids.map(id => newLink(`producer-${id}`, id))
    this.replicationLinks = ids.map(id => newLink(`replication-${id}`, id))
    this.clients = Array.from({ length: clients }, (_, at) => ({ name: `producer-${at + 1}`, state: newClient() }))
    this.partitions = [1, 2].map((leader, partition) => ({
      partition,
      leader,
      epoch: 0,
      ends: Object.fromEntries(ids.map(id => [id, 10])),
    }))
  }

  /** Everything that a fault can change and a heal must restore. */
  snapshot(): unknown {
    return structuredClone({
      nodes: this.nodes.map(({ state, diskFrozen, diskFull, diskBroken, writesPerSec }) => ({
        running: state.running,
        paused: state.paused,
        diskFrozen,
        diskFull,
        diskBroken,
        writesPerSec,
      })),
      links: [...this.links, ...this.replicationLinks].map(({ present, isOn }) => [[...present.keys()], isOn]),
      clients: this.clients.map(({ state }) => [state.running, state.frozen]),
      dropped: [...this.#dropped],
    })
  }

  target(kind: 'nodes' | 'links' | 'clients', count?: number): FaultTarget {
    return {
      role: 'any',
      nodes: kind === 'nodes' ? this.nodes.slice(0, count) : [],
      links: kind === 'links' ? this.links.slice(0, count) : [],
      clients: kind === 'clients' ? this.clients.slice(0, count) : [],
    }
  }

  /** The target with links that accept a fault without effect where `spares` is true. */
  sparing(target: FaultTarget, spares: (name: string) => boolean): FaultTarget {
    return { ...target, links: target.links.map(link => linkThatMaySpare(link, spares(link.name))) }
  }

  /** A client process ends by itself. */
  endedByItself(name: string, how: Pick<ClientState, 'ended' | 'said'>): void {
    Object.assign(this.#client(name), { running: false, ...how })
  }

  /** Looks see the cluster as it is. Acts on targets for which `spares` is true are accepted and change nothing. */
  context(spares: (name: string) => boolean = () => false): FaultContext {
    const act =
      <T extends { name: string }, A extends unknown[]>(change: (target: T, ...given: A) => void) =>
      async (target: T, ...given: A) => {
        if (!spares(target.name)) change(target, ...given)
      }
    const dropping = (nodes: readonly FaultNode[]) => {
      for (const { id, name } of nodes) if (!spares(name)) this.#dropped.add(id)
      return {
        seen: async ({ id }: FaultNode) => {
          const rules = this.#dropped.has(id) ? 2 : 0
          if (rules > 0) this.#node(id).packets += 3
          return { rules, packets: this.#node(id).packets }
        },
        undo: async () => this.#dropped.clear(),
      }
    }
    return {
      allNodes: this.nodes,
      end: async ({ id, name }, signal) => {
        if (spares(name)) return { exitCode: 0, engineEvent: undefined }
        const exitCode = signal === 'SIGKILL' ? 137 : 143
        const node = this.#node(id)
        Object.assign(node.state, { running: false, exitCode })
        if (signal === 'SIGTERM') node.log += 'Shutting down\n'
        if (this.controller.id === id) this.controller = { id: id + 1, epoch: this.controller.epoch + 1 }
        return { exitCode, engineEvent: `die, exit code ${exitCode}` }
      },
      start: act(({ id }) => {
        const node = this.#node(id)
        const { state } = node
        if (state.running) return
        node.diskBroken = false
        Object.assign(state, { running: true, startedAt: `${state.startedAt}+` })
      }),
      pause: act(({ id }) => Object.assign(this.#node(id).state, { paused: true })),
      unpause: act(({ id }) => Object.assign(this.#node(id).state, { paused: false })),
      state: async ({ id }) => ({ ...this.#node(id).state }),
      lastLog: async ({ id }) => this.#node(id).log,
      replicationLink: ({ id, name }) => linkThatMaySpare(this.#replicationLink(id), spares(name)),
      replicationStreams: ['downstream'],
      part: async pairs => dropping(pairs.flat()),
      isolate: async nodes => dropping(nodes),
      probe: async ({ broker }) => this.#probe(broker, 'answered'),
      probeClose: async ({ broker }) => this.#probe(broker, 'closed'),
      probeLinks: async ({ id }) =>
        Object.fromEntries(
          this.links
            .filter(({ broker }) => broker === id)
            .map(({ name }) => [name, this.#probe(id, this.#node(id).state.running ? 'answered' : 'closed')]),
        ),
      dataFiles: async ({ id }) => ({ onDisk: this.#node(id).dataFiles, elsewhere: this.#node(id).dataElsewhere }),
      data: { folder, kept },
      losePower: async nodes => ({
        frozenWithinMs: 80,
        frozenMs: 120,
        spreadMs: 4,
        returnedMs: 9,
        nodes: Object.fromEntries(
          nodes.map(({ id, name }) => {
            if (spares(name)) return [name, { exitCode: 0, engineEvent: undefined, read: 'ok', droppedPackets: 0 }]
            Object.assign(this.#node(id).state, { running: false, exitCode: 137 })
            return [name, { exitCode: 137, engineEvent: 'die', read: 'Input/output error', droppedPackets: 3 }]
          }),
        ),
      }),
      onDisk: async ({ id, name }, script) => this.#runOnDisk(id, script, spares(name)),
      freezeDisk: act(({ id }) => (this.#node(id).diskFrozen = true)),
      diskState: async ({ id }) => (this.#node(id).diskFrozen ? 'frozen' : 'awake'),
      thawDisk: act(({ id }) => (this.#node(id).diskFrozen = false)),
      throttleDisk: act(({ id }, writesPerSec) => (this.#node(id).writesPerSec = writesPerSec)),
      fsyncMs: async ({ id }, times) => {
        const { writesPerSec } = this.#node(id)
        return writesPerSec === 0 ? times : ((times - 1) * 1000) / writesPerSec
      },
      sent: () => ({ sent: 7, acked: 5 }),
      endClient: act(({ name }, signal) =>
        Object.assign(this.#client(name), {
          running: false,
          ended: signal === 'SIGKILL' ? 'signal SIGKILL' : 'exit code 0',
          finished: signal === 'SIGTERM',
        }),
      ),
      freezeClient: act(({ name }) => Object.assign(this.#client(name), { frozen: true })),
      wakeClient: act(({ name }) => Object.assign(this.#client(name), { frozen: false })),
      clientState: async ({ name }) => ({ ...this.#client(name) }),
      startClient: act(({ name }) =>
        Object.assign(this.#client(name), { running: true, ended: undefined, finished: false }),
      ),
      replicaEnds: async () => {
        this.#pass()
        return this.partitions.map(({ ends, partition, leader }) => ({
          lane: 'a',
          partition,
          leader,
          ends: { ...ends },
        }))
      },
      logEnd: () => undefined,
      leaders: () =>
        this.partitions.map(({ partition, leader, epoch }) => ({
          lane: 'a',
          partition,
          leader,
          epoch,
          replicas: this.nodes.map(({ id }) => id),
          isr: this.nodes.map(({ id }) => id),
        })),
      transferLeadership: async (moving, to) => {
        for (const partition of this.partitions) {
          if (spares(`broker-${to}`) || !moving.some(({ leader }) => leader === partition.leader)) continue
          Object.assign(partition, { leader: to, epoch: partition.epoch + 1 })
        }
      },
      activeController: async () => ({ ...this.controller }),
      recovered: async () => {},
      settled: async (look, done, looks = 60) => {
        let before = await look()
        for (let looked = 0; looked < looks; looked++) {
          await Promise.resolve()
          const now = await look()
          if (done(now, before)) return now
          before = now
        }
        return before
      },
    }
  }

  /** The leader appends; followers copy all of it, or, over a delayed link, all but the last records. */
  #pass(): void {
    for (const { leader, ends } of this.partitions) {
      const end = (ends[leader] ?? 0) + 5
      ends[leader] = end
      const types = new Set([...this.#replicationLink(leader).present.values()].map(({ type }) => type))
      if (types.has('timeout')) continue
      for (const { id } of this.nodes) if (id !== leader) ends[id] = end - (types.has('latency') ? 3 : 0)
    }
  }

  #probe(broker: number, outcome: Probe['outcome']): Probe {
    const link = this.links.find(found => found.broker === broker)
    if (!link?.isOn) return { outcome: 'refused', ms: 0 }
    const toxics = [...link.present.values()]
    const of = (type: string, attribute: string) =>
      toxics.filter(toxic => toxic.type === type).reduce((sum, { attributes }) => sum + (attributes[attribute] ?? 0), 0)
    const has = (type: string) => toxics.some(toxic => toxic.type === type)
    if (has('timeout')) return { outcome: 'silent', ms: longMs }
    if (has('reset_peer') || has('limit_data')) return { outcome: 'closed', ms: answerMs }
    const rate = of('bandwidth', 'rate')
    const slowed = rate === 0 ? 0 : answerBytes / rate
    return { outcome, ms: answerMs + of('latency', 'latency') + of('slow_close', 'delay') + slowed }
  }

  #runOnDisk(id: number, script: string, isSpared: boolean): string {
    const node = this.#node(id)
    if (script.startsWith('df')) return node.diskFull ? '4096' : '1000000000'
    if (isSpared) return node.files.join('\n')
    if (script.startsWith('fallocate')) node.diskFull = true
    if (script.startsWith('rm')) node.diskFull = false
    if (script.startsWith('perl')) {
      node.diskBroken = true
      return 'touch: cannot touch /disk/probe: Input/output error'
    }
    if (script.startsWith('find')) node.files = kept.map(file => `/disk/${folder}/${file}`)
    return node.files.join('\n')
  }

  #node(id: number): FakeNode {
    return existing(this.nodes.find(node => node.id === id))
  }

  #replicationLink(id: number): FakeLink {
    return existing(this.replicationLinks.find(link => link.broker === id))
  }

  #client(name: string): ClientState {
    return existing(this.clients.find(client => client.name === name)).state
  }
}

function existing<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('not in the fake cluster')
  return value
}
