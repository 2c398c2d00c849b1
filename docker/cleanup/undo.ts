/**
 * What was done to containers that are not ours, and how it is undone. Each act leaves a reminder on the engine before it
 * happens; undoing is the same for the harness, the janitor and `clean`. Nothing is ever removed from such a container.
 */
import type Dockerode from 'dockerode'
import { z } from 'zod'
import { engineStatus } from '../engine/errors.ts'
import type { Labels } from '../engine/labels.ts'
import { runInHelper } from '../nodes/helper.ts'
import { forget, remind, remindersOf, withoutReminder } from './reminders.ts'

const undoLabel = 'lossproof.undo'

const Act = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('frozen') }),
  /** Rules that were added in its network namespace, each an argument list of iptables after `-A`. */
  z.object({ kind: z.literal('rules'), rules: z.array(z.array(z.string())), helperImage: z.string() }),
  z.object({ kind: z.literal('ended') }),
])
export type Act = z.infer<typeof Act>

const Done = z.object({ container: z.string(), act: Act })

/** In this order: a frozen or dead container has rules that cannot be removed, and starting comes last. */
const order: readonly Act['kind'][] = ['frozen', 'rules', 'ended']

/** Remembers what is done to containers that are not ours. */
export class Acts {
  readonly #docker: Dockerode
  readonly #name: string
  readonly #labels: Labels
  readonly #numbers = new Map<string, number>()
  readonly #open = new Map<string, string[]>()

  /** `name`: unique on the engine. */
  constructor(docker: Dockerode, name: string, labels: Labels) {
    this.#docker = docker
    this.#name = name
    this.#labels = labels
  }

  /** To be awaited before the act. */
  async begin(container: string, act: Act): Promise<void> {
    const key = `${container.slice(0, 12)}-${act.kind}`
    const number = (this.#numbers.get(key) ?? 0) + 1
    this.#numbers.set(key, number)
    const name = `${this.#name}-${key}-${number}`
    await remind(this.#docker, name, this.#labels, undoLabel, { container, act })
    this.#open.set(key, [...(this.#open.get(key) ?? []), name])
  }

  /** To be awaited after the acts of this kind were undone. */
  async end(container: string, kind: Act['kind']): Promise<void> {
    const key = `${container.slice(0, 12)}-${kind}`
    for (const name of this.#open.get(key) ?? []) await forget(this.#docker, name)
    this.#open.delete(key)
  }
}

export interface Undone {
  /** Names of containers in which something was undone, each once. */
  healed: string[]
  /** What could not be undone; its reminders stay. */
  failures: unknown[]
}

/** Undoes every act whose labels `chosen` accepts. */
export async function undoActs(docker: Dockerode, chosen: (labels: Labels) => boolean): Promise<Undone> {
  const found = (await remindersOf(docker, undoLabel, chosen)).map(({ name, labels }) => ({
    reminder: name,
    labels,
    ...Done.parse(JSON.parse(labels[undoLabel] ?? '')),
  }))
  const healed = new Set<string>()
  const failures: unknown[] = []
  for (const kind of order)
    for (const { reminder, labels, container, act } of found.filter(one => one.act.kind === kind)) {
      try {
        const name = await undo(docker, container, act, labels)
        if (name !== undefined) healed.add(name)
        await forget(docker, reminder)
      } catch (error) {
        failures.push(error)
      }
    }
  return { healed: [...healed], failures }
}

/** Resolves with the name of the container if there was something to undo. One that its owner has removed is no error. */
async function undo(docker: Dockerode, id: string, act: Act, labels: Labels): Promise<string | undefined> {
  const container = docker.getContainer(id)
  try {
    const { Name: name, State: state } = await container.inspect()
    const told = name.replace(/^\//, '')
    if (act.kind === 'frozen') {
      if (!state.Paused) return undefined
      await container.unpause()
      return told
    }
    if (act.kind === 'ended') {
      if (state.Running) return undefined
      await container.start()
      return told
    }
    // A container that was started again has a namespace without rules.
    if (!state.Running || act.rules.length === 0) return undefined
    const { helperImage: image } = act
    const network = `container:${id}`
    const capabilities = ['NET_ADMIN', 'NET_RAW']
    await runInHelper(docker, { image, labels: withoutReminder(labels), network, capabilities }, removalOf(act.rules))
    return told
  } catch (error) {
    if (engineStatus(error) === 404) return undefined
    throw error
  }
}

/** A shell command that deletes the rules; a missing one is no error. */
export const removalOf = (rules: readonly (readonly string[])[]): string =>
  rules.map(rule => `iptables -D ${rule.join(' ')} 2>/dev/null || true`).join('; ')
