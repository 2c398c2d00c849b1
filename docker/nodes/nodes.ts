/** The nodes of a cluster as processes in containers: end, start, freeze and inspect them. */
import type Dockerode from 'dockerode'
import type { Ended, FaultNode, NodeState } from '../../faults/fault.ts'
import { LossproofError, messageOf } from '../../model/errors.ts'
import type { EngineEvents } from '../engine/events.ts'
import { renewNamespace } from './address-holder.ts'
import type { AddressHolder } from './address-holder.ts'
import { freezeContainer } from './freezer.ts'
import { demultiplex } from './logs.ts'
import { Supervisor } from './supervisor.ts'

/** A graceful shutdown takes its time: it moves leadership away first. */
const endLimitMs = 30_000

export interface RunningNode extends FaultNode {
  /** Runs the node's process. */
  container: Dockerode.Container
  /** Holds the node's address and network namespace. */
  holder: AddressHolder
  /** Printed by the node once all its parts have started. */
  startedLine: RegExp
}

/** Told before something is done to a node's container, and after it was undone. */
export interface NodeActs {
  begin(container: string, act: { kind: 'ended' | 'frozen'; startedAt: string }): Promise<unknown>
  end(container: string, kind: 'ended' | 'frozen'): Promise<void>
}

const untold: NodeActs = { begin: async () => {}, end: async () => {} }

export class Nodes<N extends RunningNode = RunningNode> {
  readonly all: readonly N[]
  readonly #events: EngineEvents
  readonly #acts: NodeActs
  readonly #supervisor: Supervisor
  readonly #withoutPower = new Set<number>()
  #onNewNamespace: (id: number) => Promise<void> = async () => {}

  /** `acts`: for containers that are not ours. */
  constructor(all: readonly N[], events: EngineEvents, acts: NodeActs = untold) {
    this.all = all
    this.#events = events
    this.#acts = acts
    this.#supervisor = new Supervisor(events, {}, async id => {
      if (this.endsNamespace(id)) await this.#onNewNamespace(id)
    })
  }

  find(id: number): N {
    const found = this.all.find(node => node.id === id)
    if (!found) throw new LossproofError('internal', `no node ${id} in this cluster`)
    return found
  }

  /** Whether the node's network namespace ends with its process: it has no container that holds it. */
  endsNamespace(id: number): boolean {
    const { container, holder } = this.find(id)
    return container.id === holder.container.id
  }

  /** In each of its networks, with commas. Throws LossproofError('cluster') while it has none. */
  async addressOf(id: number): Promise<string> {
    const { container, holder, name } = this.find(id)
    if (!this.endsNamespace(id)) return holder.address
    const { NetworkSettings: settings } = await container.inspect()
    const found = Object.values(settings.Networks).flatMap(({ IPAddress: address }) =>
      address === '' ? [] : [address],
    )
    if (found.length === 0) throw new LossproofError('cluster', `${name} has no address in a network of the engine`)
    return found.join(',')
  }

  /** Sends the signal; resolves when the engine reports that the node's process has ended. No error when it is down already. */
  async end(id: number, signal: 'SIGKILL' | 'SIGTERM'): Promise<Ended> {
    const { container, name } = this.find(id)
    this.#supervisor.release(id)
    const { paused, startedAt } = await this.state(id)
    if (signal === 'SIGTERM' && paused)
      throw new LossproofError('cluster', `${name} is frozen by another fault, so it cannot handle SIGTERM`, {
        hint: 'heal that fault first, or use crash',
      })
    const mark = this.#events.mark(container.id)
    await this.#acts.begin(container.id, { kind: 'ended', startedAt })
    try {
      await container.kill({ signal })
    } catch (error) {
      const before = await this.state(id)
      if (!before.running) return { exitCode: before.exitCode, engineEvent: undefined, wasDown: true }
      throw new LossproofError('cluster', `${name} could not be ended with ${signal}: ${messageOf(error)}`, {
        hint: 'a process that waits for a frozen disk cannot be killed; heal disk-freeze first',
        cause: error,
      })
    }
    const died = await this.#events.next(container.id, 'die', mark, endLimitMs)
    const { exitCode, running } = await this.state(id)
    if (running) throw new LossproofError('cluster', `${name} was still running ${endLimitMs / 1000} s after ${signal}`)
    return { exitCode, engineEvent: died && `die, exit code ${String(died.exitCode)}` }
  }

  /**
   * Starts a node that is down; no error when it runs already. When the node ends soon, it is started again in the
   * background until it stays up, see `failedStarts`.
   */
  async boot(id: number): Promise<void> {
    const { running } = await this.state(id)
    if (running) return
    const node = this.find(id)
    if (this.#withoutPower.delete(id)) {
      await renewNamespace(node.holder, this.#events)
      await this.#onNewNamespace(id)
    }
    await this.#supervisor.start(node)
    await this.#acts.end(node.container.id, 'ended')
  }

  /** Nodes that end each time they are started, with the end of their logs. */
  failedStarts(): string[] {
    return this.#supervisor.failures()
  }

  /** No node is started again from now on. */
  release(): void {
    this.#supervisor.releaseAll()
  }

  /** Marks nodes whose machine lost power: when such a node starts again, it starts with a new network namespace. */
  lostPower(ids: readonly number[]): void {
    for (const id of ids) this.#withoutPower.add(id)
  }

  isWithoutPower(id: number): boolean {
    return this.#withoutPower.has(id)
  }

  /**
   * `listener` is called when a node has a new namespace: before the node starts, or right after the start of one whose
   * namespace ends with its process.
   */
  onNewNamespace(listener: (id: number) => Promise<void>): void {
    this.#onNewNamespace = listener
  }

  /** Freezes the node's processes. No error when the node is frozen already, or down. */
  async pause(id: number): Promise<void> {
    const { container, name } = this.find(id)
    const { running, paused, startedAt } = await this.state(id)
    if (!running || paused) return
    await this.#acts.begin(container.id, { kind: 'frozen', startedAt })
    await freezeContainer(container, name)
  }

  /** No error when the node is not frozen. */
  async unpause(id: number): Promise<void> {
    const { paused } = await this.state(id)
    const { container } = this.find(id)
    if (paused) await container.unpause()
    await this.#acts.end(container.id, 'frozen')
  }

  async state(id: number): Promise<NodeState> {
    const { State: state } = await this.find(id).container.inspect()
    return { running: state.Running, paused: state.Paused, exitCode: state.ExitCode, startedAt: state.StartedAt }
  }

  /** The node's log from `since` on, in ms since the epoch; `tail`: its last lines only. */
  async logs(id: number, since = 0, tail?: number): Promise<string> {
    const { container } = this.find(id)
    const { Config: config } = await container.inspect()
    const options = { stdout: true, stderr: true, timestamps: true, since: since / 1000 } as const
    const raw = await container.logs(tail === undefined ? options : { ...options, tail })
    return config.Tty ? raw.toString('utf8') : demultiplex(raw)
  }
}
