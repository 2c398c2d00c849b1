/**
 * What was done to containers that are not ours, and how it is undone. Each act leaves a reminder on the engine before it
 * happens; undoing is the same for the harness, the janitor and `clean`. Nothing is ever removed from such a container.
 */
import type Dockerode from 'dockerode'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { LossproofError, messageOf } from '../../model/errors.ts'
import { engineStatus } from '../engine/errors.ts'
import type { Labels } from '../engine/labels.ts'
import { removeRules } from '../network/rules.ts'
import { forget, remind, remindersOf } from './reminders.ts'
import type { ReminderKind } from './reminders.ts'

/** In the order in which they are undone: a container is resumed before it can be started. */
const kinds = ['frozen', 'cut', 'ended'] as const

/** When the container had been started to which something was done, as the engine tells it. */
const startedAt = z.string()

const Act = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['frozen', 'ended']), startedAt }),
  z.object({
    kind: z.literal('cut'),
    startedAt,
    /** An image with iptables. */
    image: z.string(),
    /** What was added to the container's network namespace: arguments of iptables after `-A`. */
    rules: z.array(z.array(z.string())),
  }),
])
export type Act = z.infer<typeof Act>

const Done = z.object({
  /** Id of the container. */
  container: z.string(),
  act: Act,
  /** When the act was about to happen, in ms since the epoch. */
  at: z.number(),
})
type Done = z.infer<typeof Done>

const undoReminder: ReminderKind<Done> = { label: 'lossproof.undo', schema: Done }

/**
 * How long after the reminder an act may take effect, in ms. A broker that got SIGTERM moves its leadership away before it
 * ends, and what a harness asked of the engine before it was killed may still happen.
 */
const effectLimitMs: Record<Act['kind'], number> = { frozen: 10_000, cut: 3000, ended: 90_000 }
const pollMs = 250

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

  /** To be awaited before the act. Resolves with the name of the reminder. */
  async begin(container: string, act: Act): Promise<string> {
    const key = `${container.slice(0, 12)}-${act.kind}`
    const number = (this.#numbers.get(key) ?? 0) + 1
    this.#numbers.set(key, number)
    const name = `${this.#name}-${key}-${number}`
    await remind(this.#docker, undoReminder, { name, what: { container, act, at: Date.now() } }, this.#labels)
    this.#open.set(key, [...(this.#open.get(key) ?? []), name])
    return name
  }

  /** To be awaited after the act with this reminder was undone. */
  async forget(name: string): Promise<void> {
    await forget(this.#docker, name)
    for (const [key, names] of this.#open)
      this.#open.set(
        key,
        names.filter(other => other !== name),
      )
  }

  /** To be awaited after all acts of this kind were undone. */
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
  failures: LossproofError[]
}

/** Undoes every act whose labels `chosen` accepts. */
export async function undoActs(docker: Dockerode, chosen: (labels: Labels) => boolean): Promise<Undone> {
  const healed = new Set<string>()
  const { found, failures } = await remindersOf(docker, undoReminder, chosen)
  for (const kind of kinds)
    for (const { name: reminder, what, labels } of found.filter(one => one.what.act.kind === kind)) {
      try {
        const name = await undo(docker, what, labels)
        if (name !== undefined) healed.add(name)
        await forget(docker, reminder)
      } catch (error) {
        failures.push(
          new LossproofError(
            'cluster',
            `container ${what.container.slice(0, 12)} could not be healed: ${messageOf(error)}`,
            { hint: 'lossproof clean tries it again', cause: error },
          ),
        )
      }
    }
  return { healed: [...healed], failures }
}

/** Resolves with the name of the container if there was something to undo. One that its owner has removed is no error. */
async function undo(docker: Dockerode, { container: id, act, at }: Done, labels: Labels): Promise<string | undefined> {
  const container = docker.getContainer(id)
  try {
    const { Name: name, State: state } = await afterEffect(container, act, at)
    // Somebody has started it since: what it does now is their doing.
    if (state.StartedAt !== act.startedAt || !isInEffect(act, state)) return undefined
    if (act.kind === 'cut') await removeRules({ docker, image: act.image, labels }, id, act.rules)
    else await (act.kind === 'frozen' ? container.unpause() : container.start())
    return name.replace(/^\//, '')
  } catch (error) {
    if (engineStatus(error) === 404) return undefined
    throw error
  }
}

/** Rules of a network namespace are gone when the container is down. */
const isInEffect = ({ kind }: Act, state: { Running: boolean; Paused: boolean }): boolean =>
  ({ frozen: state.Paused, cut: state.Running, ended: !state.Running })[kind]

/** The state of a container once the act has taken effect, or once it can take none any more. */
async function afterEffect(container: Dockerode.Container, act: Act, at: number) {
  for (;;) {
    const found = await container.inspect()
    const { State: state } = found
    // Rules cannot be seen from outside: a helper that adds them may still be at it.
    const isSeen = act.kind !== 'cut' && isInEffect(act, state)
    const isOver = isSeen || !state.Running || state.StartedAt !== act.startedAt
    if (isOver || Date.now() > at + effectLimitMs[act.kind]) return found
    await delay(pollMs)
  }
}
