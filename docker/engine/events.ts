/** The engine's events about the run's containers. They are evidence that does not come from the attacked process. */
import type Dockerode from 'dockerode'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { z } from 'zod'
import { runLabel } from './labels.ts'

const EngineEvent = z.object({
  Action: z.string(),
  Actor: z.object({ ID: z.string(), Attributes: z.record(z.string(), z.string()) }),
  timeNano: z.number(),
})

export interface ContainerEvent {
  container: string
  /** `die`, `kill`, `pause`… */
  action: string
  exitCode: number | undefined
}

export class EngineEvents implements AsyncDisposable {
  readonly #seen: ContainerEvent[] = []
  readonly #stream: Readable
  readonly #waiting = new Set<() => void>()

  private constructor(stream: Readable) {
    this.#stream = stream
    stream.on('error', () => {})
    createInterface({ input: stream }).on('line', line => this.#add(line))
  }

  static async watch(docker: Dockerode, run: string): Promise<EngineEvents> {
    return EngineEvents.watchLabelled(docker, `${runLabel}=${run}`)
  }

  /** Events of containers that have this label, `name=value`. */
  static async watchLabelled(docker: Dockerode, label: string): Promise<EngineEvents> {
    const stream = await docker.getEvents({ filters: { type: ['container'], label: [label] } })
    return new EngineEvents(stream instanceof Readable ? stream : new Readable().wrap(stream))
  }

  /** The number of events of a container so far. Pass it to `next` to wait for later ones only. */
  mark(container: string): number {
    return this.#seen.filter(event => event.container === container).length
  }

  /** The container's first event `action` after `mark`, or undefined when none arrives within the limit. */
  async next(container: string, action: string, mark: number, limitMs: number): Promise<ContainerEvent | undefined> {
    const deadline = Date.now() + limitMs
    for (;;) {
      const found = this.#seen
        .filter(event => event.container === container)
        .slice(mark)
        .find(event => event.action === action)
      const left = deadline - Date.now()
      if (found || left <= 0) return found
      await new Promise<void>(resolve => {
        const wake = () => {
          clearTimeout(timer)
          this.#waiting.delete(wake)
          resolve()
        }
        const timer = setTimeout(wake, left)
        this.#waiting.add(wake)
      })
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stream.destroy()
  }

  #add(line: string): void {
    const parsed = EngineEvent.safeParse(parse(line))
    if (!parsed.success) return
    const { Action: action, Actor: actor } = parsed.data
    const code = actor.Attributes['exitCode']
    this.#seen.push({ container: actor.ID, action, exitCode: code === undefined ? undefined : Number(code) })
    for (const wake of this.#waiting) wake()
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
