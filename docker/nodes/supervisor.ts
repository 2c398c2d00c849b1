/**
 * Keeps a node up after its start: a node that ends while it starts, for example on a disk that is still full, is started
 * again. That goes on until the node stays up, until it is ended on purpose, or until a limit.
 */
import type Dockerode from 'dockerode'
import { setTimeout as delay } from 'node:timers/promises'
import { engineStatus } from '../engine/errors.ts'
import type { EngineEvents } from '../engine/events.ts'
import { endOf, watchBoot } from './boot.ts'

export interface SupervisorLimits {
  /** How long after the first start a node is started again. */
  limitMs: number
  /** Pause before each further start. */
  pauseMs: number
  /** A node that has lived so long after its started line stays up. */
  stableMs: number
}

const defaultLimits: SupervisorLimits = { limitMs: 90_000, pauseMs: 1000, stableMs: 3000 }

export interface SupervisedNode {
  id: number
  name: string
  container: Dockerode.Container
  startedLine: RegExp
}

export class Supervisor {
  readonly #events: Pick<EngineEvents, 'mark' | 'next'>
  readonly #limits: SupervisorLimits
  readonly #running = new Map<number, AbortController>()
  readonly #failures = new Map<number, string>()

  readonly #onStart: (id: number) => Promise<void>

  /** `onStart` is awaited after each start. */
  constructor(
    events: Pick<EngineEvents, 'mark' | 'next'>,
    limits: Partial<SupervisorLimits> = {},
    onStart: (id: number) => Promise<void> = async () => {},
  ) {
    this.#events = events
    this.#onStart = onStart
    this.#limits = { ...defaultLimits, ...limits }
  }

  /** Starts the node, and starts it again in the background when it ends soon. Resolves after the first start. */
  async start(node: SupervisedNode): Promise<void> {
    this.release(node.id)
    const controller = new AbortController()
    this.#running.set(node.id, controller)
    const mark = this.#events.mark(node.container.id)
    const startedMs = Date.now()
    await startContainer(node.container)
    await this.#onStart(node.id)
    this.#watch(node, startedMs, mark, controller.signal)
      // The cluster was removed meanwhile, or the engine failed; the trial notices both by itself.
      .catch(() => {})
      .finally(() => {
        if (this.#running.get(node.id) === controller) this.#running.delete(node.id)
      })
      .catch(() => {})
  }

  /** Stops restarting the node, because a fault is about to end it. */
  release(id: number): void {
    this.#running.get(id)?.abort()
    this.#running.delete(id)
    this.#failures.delete(id)
  }

  releaseAll(): void {
    for (const id of this.#running.keys()) this.release(id)
  }

  /** Nodes that ended right after a start, with the end of their logs. A node that stayed up in the end is not listed. */
  failures(): string[] {
    return [...this.#failures.values()]
  }

  async #watch(node: SupervisedNode, startedMs: number, mark: number, signal: AbortSignal): Promise<void> {
    const { limitMs, pauseMs, stableMs } = this.#limits
    const deadline = Date.now() + limitMs
    const { id, name, container, startedLine } = node
    let [since, from] = [startedMs, mark]
    for (let starts = 1; ; starts++) {
      const { outcome, log } = await watchBoot(container, startedLine, since, limitMs)
      const isUp = outcome.kind === 'started' && !(await this.#ends(container, from, stableMs))
      // A node that is slow has no failure yet, or that of an earlier start.
      if (signal.aborted || outcome.kind === 'late') return
      if (isUp) {
        this.#failures.delete(id)
        return
      }
      const { State: state } = await container.inspect()
      this.#failures.set(
        id,
        `${name} ended with exit code ${state.ExitCode} after start number ${starts}; ${endOf(log)}`,
      )
      if (Date.now() > deadline) return
      await delay(pauseMs, undefined, { signal })
      ;[since, from] = [Date.now(), this.#events.mark(container.id)]
      await startContainer(container)
      await this.#onStart(id)
    }
  }

  async #ends(container: Dockerode.Container, mark: number, withinMs: number): Promise<boolean> {
    return (await this.#events.next(container.id, 'die', mark, withinMs)) !== undefined
  }
}

/** No error when something else has started the container meanwhile, which the engine answers with 304. */
async function startContainer(container: Pick<Dockerode.Container, 'start'>): Promise<void> {
  await container.start().catch((error: unknown) => {
    if (engineStatus(error) !== 304) throw error
  })
}
