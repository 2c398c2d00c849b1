/** The tests that a client goes through, one after the other. */
import { setTimeout as delay } from 'node:timers/promises'
import { LossproofError, messageOf } from '../../../../model/errors.ts'
import { WaitExpired, waitFor } from '../../../../model/wait.ts'
import type { LaneStatus } from '../../../../workloads/messages.ts'
import type { Fleet } from '../../../trial/clients/fleet.ts'
import { ClientDied } from '../../../trial/clients/process.ts'
import type { Finding } from './findings.ts'
import type { CheckSite } from './site.ts'

/** What one test found out: text that was seen, or what is missing. */
export type Seen = string | { missing: string } | { untested: string }

export const missing = (text: string): Seen => ({ missing: text })

export class Steps {
  readonly findings: Finding[] = []
  readonly #say: (line: string) => void
  #gone = false

  constructor(say: (line: string) => void) {
    this.#say = say
  }

  /**
   * Runs one test. An error of the client, or a wait that ran out, is what the test found. Once the client is gone, or a
   * `needed` test has failed, only tests that look at the `history` are tried.
   */
  async run(
    id: string,
    title: string,
    test: () => Promise<Seen>,
    { needed = false, history = false } = {},
  ): Promise<void> {
    if (this.#gone && !history) return this.#add({ id, title, result: 'untested', seen: 'the client could not go on' })
    this.#say(title)
    const seen = await this.#seen(test)
    if (typeof seen === 'string') return this.#add({ id, title, result: 'ok', seen })
    if ('untested' in seen) return this.#add({ id, title, result: 'untested', seen: seen.untested })
    this.#gone ||= needed
    this.#add({ id, title, result: 'missing', seen: seen.missing })
  }

  async #seen(test: () => Promise<Seen>): Promise<Seen> {
    try {
      return await test()
    } catch (error) {
      const isFinding = error instanceof WaitExpired || (error instanceof LossproofError && error.code === 'client')
      if (!isFinding) throw error
      this.#gone ||= error instanceof ClientDied
      return missing(messageOf(error))
    }
  }

  #add(finding: Finding): void {
    this.findings.push(finding)
  }
}

/** A client process under test, with what tests ask of it. */
export class Subject {
  readonly #site: CheckSite
  readonly #fleet: Fleet

  constructor(site: CheckSite, fleet: Fleet) {
    this.#site = site
    this.#fleet = fleet
  }

  get name(): string {
    return this.#fleet.names[0] ?? ''
  }

  get status(): LaneStatus {
    return this.#fleet.status(this.#site.trial.lanes[0]?.id ?? '')
  }

  /** Waits until `counter` has grown by `count`. Throws when the client ends meanwhile. */
  async grows(counter: keyof LaneStatus, count: number, limitMs: number): Promise<void> {
    const before = this.status[counter]
    await waitFor({ what: `${count} more ${counter}`, limitMs, intervalMs: 10, signal: this.#site.signal }, () => {
      this.#fleet.assertAlive()
      const grown = this.status[counter] - before
      return { ...(grown >= count ? { value: true } : {}), seen: `${grown}` }
    })
  }

  /** Ends the process. Resolves with how it ended and how long that took; missing when it does not end. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<{ how: string; ms: number; finished: boolean }> {
    const ms = await timed(async () => this.#fleet.end({ name: this.name }, signal))
    const { ended, finished } = this.#fleet.state({ name: this.name })
    return { how: ended ?? '', ms, finished }
  }

  async restart(): Promise<void> {
    await this.#fleet.restart({ name: this.name })
  }

  /** Kills the broker's process and starts it again. */
  async restartBroker(): Promise<void> {
    const { nodes } = this.#site.cluster
    for (const { id } of this.#site.cluster.brokers) {
      await nodes.end(id, 'SIGKILL')
      await nodes.boot(id)
    }
  }

  /** Does something while the broker is frozen. */
  async whileBrokerIsFrozen<T>(act: () => Promise<T>): Promise<T> {
    const { cluster } = this.#site
    for (const { id } of cluster.brokers) await cluster.nodes.pause(id)
    try {
      return await act()
    } finally {
      for (const { id } of cluster.brokers) await cluster.nodes.unpause(id)
    }
  }
}

/** How long a client is watched to see that it does nothing. */
export const watchMs = 500
export const watch = async (): Promise<void> => delay(watchMs)
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

/** So many messages show that a client works. */
export const few = 20

/** How long something took, ms. */
export async function timed(act: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await act()
  return performance.now() - began
}
