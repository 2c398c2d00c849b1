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
import { runInHelper } from '../nodes/helper.ts'
import { forget, remind, remindersOf, withoutReminder } from './reminders.ts'

const undoLabel = 'lossproof.undo'

/** `startedAt`: when the container had been started that was frozen or ended, as the engine tells it. */
const Act = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('frozen'), startedAt: z.string() }),
  /** Rules that were added in its network namespace, each an argument list of iptables after `-A`. */
  z.object({ kind: z.literal('rules'), rules: z.array(z.array(z.string())), helperImage: z.string() }),
  z.object({ kind: z.literal('ended'), startedAt: z.string() }),
])
export type Act = z.infer<typeof Act>

/** `at`: when the act was about to happen, in ms since the epoch. */
const Done = z.object({ container: z.string(), act: Act, at: z.number() })

/**
 * How long after the reminder an act may take effect, in ms. A broker that got SIGTERM moves its leadership away before it
 * ends, and what a dead harness has asked of the engine may still happen.
 */
const effectLimitMs: Record<Act['kind'], number> = { frozen: 10_000, rules: 0, ended: 90_000 }
const pollMs = 250

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
    await remind(this.#docker, name, this.#labels, undoLabel, { container, act, at: Date.now() })
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
  const healed = new Set<string>()
  const failures: unknown[] = []
  const found = (await remindersOf(docker, undoLabel, chosen)).flatMap(({ name: reminder, labels }) => {
    try {
      return [{ reminder, labels, ...Done.parse(JSON.parse(labels[undoLabel] ?? '')) }]
    } catch (error) {
      failures.push(failed(`the reminder ${reminder} cannot be read`, error))
      return []
    }
  })
  for (const kind of order)
    for (const done of found.filter(one => one.act.kind === kind)) {
      try {
        const name = await undo(docker, done)
        if (name !== undefined) healed.add(name)
        await forget(docker, done.reminder)
      } catch (error) {
        failures.push(failed(`container ${done.container.slice(0, 12)} could not be healed`, error))
      }
    }
  return { healed: [...healed], failures }
}

const failed = (what: string, cause: unknown) =>
  new LossproofError('cluster', `${what}: ${messageOf(cause)}`, {
    hint: 'lossproof clean tries it again',
    cause,
  })

type Found = z.infer<typeof Done> & { labels: Labels }

/** Resolves with the name of the container if there was something to undo. One that its owner has removed is no error. */
async function undo(docker: Dockerode, { container: id, act, at, labels }: Found): Promise<string | undefined> {
  const container = docker.getContainer(id)
  try {
    const { Name: name, State: state } = await afterEffect(container, act, at)
    const told = name.replace(/^\//, '')
    // Somebody has started it since: what it does now is their doing.
    if (act.kind !== 'rules' && state.StartedAt !== act.startedAt) return undefined
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

/** The state of a container once the act has taken effect, or once it can take none any more. */
async function afterEffect(container: Dockerode.Container, act: Act, at: number) {
  for (;;) {
    const found = await container.inspect()
    const { Running: runs, Paused: isFrozen, StartedAt: startedAt } = found.State
    const isDue = act.kind === 'frozen' ? runs && !isFrozen : act.kind === 'ended' && runs
    const isSameStart = act.kind !== 'rules' && startedAt === act.startedAt
    if (!isDue || !isSameStart || Date.now() > at + effectLimitMs[act.kind]) return found
    await delay(pollMs)
  }
}

/** A shell command that deletes the rules; a missing one is no error. */
export const removalOf = (rules: readonly (readonly string[])[]): string =>
  rules.map(rule => `iptables -D ${rule.join(' ')} 2>/dev/null || true`).join('; ')
