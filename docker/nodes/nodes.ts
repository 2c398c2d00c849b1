/** The nodes of a cluster as processes in containers: end, start, freeze and inspect them. */
import type Dockerode from 'dockerode'
import type { Ended, FaultNode, NodeState } from '../../faults/fault.ts'
import { LossproofError } from '../../model/errors.ts'
import type { EngineEvents } from '../engine/events.ts'
import { freezeContainer } from './freezer.ts'

/** A graceful shutdown takes its time: it moves leadership away first. */
const endLimitMs = 30_000

export interface RunningNode extends FaultNode {
  container: Dockerode.Container
}

export class Nodes<N extends RunningNode = RunningNode> {
  readonly all: readonly N[]
  readonly #events: EngineEvents

  constructor(all: readonly N[], events: EngineEvents) {
    this.all = all
    this.#events = events
  }

  find(id: number): N {
    const found = this.all.find(node => node.id === id)
    if (!found) throw new LossproofError('internal', `no node ${id} in this cluster`)
    return found
  }

  /** Sends the signal; resolves when the engine reports that the container's process has ended. */
  async end(id: number, signal: 'SIGKILL' | 'SIGTERM'): Promise<Ended> {
    const { container, name } = this.find(id)
    const mark = this.#events.mark(container.id)
    await container.kill({ signal })
    const died = await this.#events.next(container.id, 'die', mark, endLimitMs)
    const { exitCode, running } = await this.state(id)
    if (running) throw new LossproofError('cluster', `${name} was still running ${endLimitMs / 1000} s after ${signal}`)
    return { exitCode, engineEvent: died && `die, exit code ${String(died.exitCode)}` }
  }

  /** Starts a node that is down. No error when it runs already. */
  async boot(id: number): Promise<void> {
    const { running } = await this.state(id)
    if (!running) await this.find(id).container.start()
  }

  async pause(id: number): Promise<void> {
    const { container, name } = this.find(id)
    await freezeContainer(container, name)
  }

  async unpause(id: number): Promise<void> {
    const { paused } = await this.state(id)
    if (paused) await this.find(id).container.unpause()
  }

  async state(id: number): Promise<NodeState> {
    const { State: state } = await this.find(id).container.inspect()
    return { running: state.Running, paused: state.Paused, exitCode: state.ExitCode, startedAt: state.StartedAt }
  }

  /** The node's log from `since` on, in ms since the epoch. */
  async logs(id: number, since = 0): Promise<string> {
    return demultiplex(
      await this.find(id).container.logs({ stdout: true, stderr: true, timestamps: true, since: since / 1000 }),
    )
  }
}

/** The engine puts 8 bytes before each piece of a log: the stream's number, three zeros, the length. */
function demultiplex(raw: Buffer): string {
  const pieces: Buffer[] = []
  for (let at = 0; at + 8 <= raw.length;) {
    const length = raw.readUInt32BE(at + 4)
    pieces.push(raw.subarray(at + 8, at + 8 + length))
    at += 8 + length
  }
  return Buffer.concat(pieces).toString('utf8')
}
