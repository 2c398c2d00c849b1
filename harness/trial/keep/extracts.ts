/**
 * Extracts of replica logs, taken before data are destroyed or truncated: when a broker has been killed, while one is frozen
 * whose disk is about to lose power, of those left after such a fault, before a broker starts again, before a heal lets a
 * deposed leader learn of the next, and at the end. Whoever is down or left behind is read while the trial waits for its
 * failover (measured: what the trial waits for is some tenths of a second). Reading never fails a trial: what could not be read is noted, and the autopsy says what it lacks.
 */
import type Dockerode from 'dockerode'
import { appendFileSync, mkdirSync } from 'node:fs'
import { messageOf } from '../../../model/errors.ts'
import { replicasFile, trialPaths } from '../../../history/folder.ts'
import type { ReplicaExtract } from '../../../history/replicas.ts'
import type { EventLog } from '../../../history/appender.ts'
import type { ReplicaLogs, ReplicaState } from '../../../systems/shared/live-system.ts'

type Moment = ReplicaExtract['at']

export interface ExtractOptions {
  logs: ReplicaLogs
  /** Brokers by id and name. */
  brokers: readonly { id: number; name: string }[]
  folder: string
  trial: string
  log: EventLog
}

export class Extracts {
  readonly #options: ExtractOptions
  /** What is being read of each broker. */
  readonly #reading = new Map<number, Promise<void>>()
  /** Brokers that are down and whose disks have been read since. */
  readonly #known = new Set<number>()
  /** Brokers whose disks have lost power and have not been read since. */
  readonly #dark = new Set<number>()
  /** Who led when a fault was injected. */
  readonly #led = new Set<number>()
  /** A broker was killed, or lost its power, and those left have not been read since. */
  #struck = false

  constructor(options: ExtractOptions) {
    this.#options = options
    mkdirSync(trialPaths(options.folder, options.trial).replicas, { recursive: true })
  }

  /** A broker is down now and stays as it is until it starts: it is read meanwhile. */
  killed(broker: number): void {
    if (!this.#isBroker(broker)) return
    this.#struck = true
    this.#known.add(broker)
    void this.#read(broker, 'killed')
  }

  /** The brokers are frozen, and the helper has their disks at these folders: what lies in page caches is read before it is gone. */
  async dark(helper: Dockerode.Container, disks: ReadonlyMap<number, string>): Promise<void> {
    this.#struck = true
    await Promise.all(
      [...disks].map(async ([broker, disk]) => {
        this.#known.delete(broker)
        this.#dark.add(broker)
        await this.#read(broker, 'dark', async () => this.#options.logs.readFrozen(broker, helper, disk))
      }),
    )
  }

  /** A fault has been injected: if it struck a broker, the others are read. `leaders`: as they were before. */
  injected(leaders: readonly number[]): void {
    for (const leader of leaders) this.#led.add(leader)
    if (!this.#struck) return
    this.#struck = false
    void this.#readAll('fault')
    // What their disks have kept is read once: it stays so until they start.
    for (const broker of this.#dark) this.#known.add(broker)
    this.#dark.clear()
  }

  /** A broker is about to start, and will then truncate what its leader does not have. */
  async starting(broker: number): Promise<void> {
    if (!this.#isBroker(broker)) return
    await this.settled(broker)
    if (!this.#known.delete(broker)) await this.#read(broker, 'start')
  }

  /** Faults are about to be healed. `leaders`: those of now; one that led before and lives will truncate to them. */
  async healing(leaders: readonly number[]): Promise<void> {
    await Promise.all(this.#reading.values())
    const deposed = [...this.#led].some(broker => !leaders.includes(broker) && !this.#known.has(broker))
    if (deposed) await this.#readAll('heal')
  }

  async end(): Promise<void> {
    await this.#readAll('end')
  }

  /** Waits until nothing is being read of the broker any more: before its files are touched. */
  async settled(broker: number): Promise<void> {
    await this.#reading.get(broker)
  }

  /** All that are not known already. */
  async #readAll(at: Moment): Promise<void> {
    await Promise.all(
      this.#options.brokers.map(async ({ id }) => (this.#known.has(id) ? this.#reading.get(id) : this.#read(id, at))),
    )
  }

  async #read(broker: number, at: Moment, read = async () => this.#options.logs.read(broker)): Promise<void> {
    const { log, brokers } = this.#options
    const before = this.#reading.get(broker)
    const reading = (async () => {
      await before
      const t = log.now()
      try {
        this.#write(broker, at, t, await read())
      } catch (error) {
        log.write({
          kind: 'note',
          text: `no extract of ${brokers.find(({ id }) => id === broker)?.name ?? broker} (${at}): ${messageOf(error)}`,
        })
      }
    })()
    this.#reading.set(broker, reading)
    await reading
  }

  #write(broker: number, at: Moment, t: number, states: readonly ReplicaState[]): void {
    const { folder, trial, log } = this.#options
    const done = log.now()
    for (const { lane, ...state } of states) {
      const extract: ReplicaExtract = { t, done, at, broker, ...state }
      appendFileSync(replicasFile(folder, trial, lane), `${JSON.stringify(extract)}\n`)
    }
  }

  #isBroker(broker: number): boolean {
    return this.#options.brokers.some(({ id }) => id === broker)
  }
}
