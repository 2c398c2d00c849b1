/**
 * Takes extracts of replica logs before data are destroyed or truncated. They are taken
 * - of a broker that was killed, while it is down;
 * - of frozen brokers whose disks are about to lose power;
 * - of the brokers left after such a fault;
 * - of a broker before it starts again;
 * - of all brokers before a heal lets a former leader learn about its successor;
 * - of all brokers at the end.
 *
 * Most readings overlap with the wait for a failover (measured: the trial itself waits some tenths of a second). A reading
 * that fails is noted and does not fail the trial; the autopsy then says what is missing.
 *
 * Logs grow under load, and so do readings: without bounds each heal of a long trial takes longer than the one before. So
 * a reading that takes too long is given up, and once a schedule has waited for extracts for too long in all, it waits for
 * no more of them.
 */
import type Dockerode from 'dockerode'
import { appendFileSync, mkdirSync } from 'node:fs'
import { messageOf } from '../../../model/errors.ts'
import { replicasFile, trialPaths } from '../../../history/folder.ts'
import type { ReplicaExtract } from '../../../history/replicas.ts'
import type { EventLog } from '../../../history/appender.ts'
import type { ReplicaLogs, ReplicaState } from '../../../systems/shared/live-system.ts'

type Moment = ReplicaExtract['at']

/** `readingMs`: for one broker. `waitingMs`: in all, while the schedule waits for extracts before starts and heals. */
const limits = { readingMs: 10_000, waitingMs: 45_000 }

export interface ExtractOptions {
  logs: ReplicaLogs
  brokers: readonly { id: number; name: string }[]
  /** The run's folder. */
  folder: string
  /** Id of the trial. */
  trial: string
  log: EventLog
}

export class Extracts {
  readonly #options: ExtractOptions
  /** The last reading of each broker. */
  readonly #readings = new Map<number, Promise<void>>()
  /** Brokers that are down and were read since they went down. */
  readonly #readWhileDown = new Set<number>()
  /** Brokers whose disks have lost power and were not read since. */
  readonly #lostPower = new Set<number>()
  /** Brokers that led a partition when a fault was injected. */
  readonly #formerLeaders = new Set<number>()
  /** A broker was killed or lost power, and the others were not read since. */
  #othersDue = false
  /** Brokers whose reading was given up and is still under way. Its result is not used. */
  readonly #overdue = new Set<number>()
  readonly #limits: typeof limits
  #waitedMs = 0
  #noted = false

  constructor(options: ExtractOptions, limit = limits) {
    this.#options = options
    this.#limits = limit
    mkdirSync(trialPaths(options.folder, options.trial).replicas, { recursive: true })
  }

  /** A broker was killed. It is read in the background, while it is down. */
  killed(broker: number): void {
    if (!this.#isBroker(broker)) return
    this.#othersDue = true
    this.#readWhileDown.add(broker)
    void this.#read(broker, 'killed')
  }

  /**
   * Brokers are frozen and about to lose power: reads them, page caches included, through a helper that has their disks at
   * the folders of `disks`, by broker id. Resolves when their files are in memory. What is in them is read afterwards,
   * because the longer the disks keep their power, the more pages the kernel writes back.
   */
  async frozen(helper: Dockerode.Container, disks: ReadonlyMap<number, string>): Promise<void> {
    this.#othersDue = true
    await Promise.all(
      [...disks].map(async ([broker, mount]) => {
        this.#readWhileDown.delete(broker)
        this.#lostPower.add(broker)
        const { promise: fetched, resolve } = Promise.withResolvers<void>()
        const read = async () => this.#options.logs.readFrozen(broker, { helper, mount, fetched: resolve })
        await Promise.race([fetched, this.#read(broker, 'dark', read)])
      }),
    )
  }

  /**
   * A fault was injected. If it took a broker down, the others are read in the background. `leaders`: those before the
   * fault.
   */
  injected(leaders: readonly number[]): void {
    for (const leader of leaders) this.#formerLeaders.add(leader)
    if (!this.#othersDue) return
    this.#othersDue = false
    void this.#readAll('fault')
    // This reads the disks of brokers without power too. They stay as they are until the brokers start.
    for (const broker of this.#lostPower) this.#readWhileDown.add(broker)
    this.#lostPower.clear()
  }

  /** A broker is about to start, and will then truncate what its leader does not have. */
  async starting(broker: number): Promise<void> {
    if (!this.#isBroker(broker)) return
    await this.readingDone(broker)
    if (!this.#readWhileDown.delete(broker)) await this.#whileScheduleWaits(async () => this.#read(broker, 'start'))
  }

  /**
   * Faults are about to be healed. All brokers are read if a former leader runs that is not among the present
   * `leaders`: it will truncate its log.
   */
  async healing(leaders: readonly number[]): Promise<void> {
    const deposed = [...this.#formerLeaders].some(
      broker => !leaders.includes(broker) && !this.#readWhileDown.has(broker),
    )
    await this.#whileScheduleWaits(async () => {
      await Promise.all(this.#readings.values())
      if (deposed) await this.#readAll('heal')
    })
  }

  async end(): Promise<void> {
    await this.#readAll('end')
  }

  /** Resolves when the broker's files are not being read. To be awaited before they are touched. */
  async readingDone(broker: number): Promise<void> {
    await this.#readings.get(broker)
  }

  /** Runs `take` and counts its time. Once the time that the schedule may wait is used up, does nothing. */
  async #whileScheduleWaits(take: () => Promise<void>): Promise<void> {
    if (this.#waitedMs >= this.#limits.waitingMs) {
      const waited = `${Math.round(this.#waitedMs / 1000)} s`
      const text = `no more extracts are taken before starts and heals: they have delayed the schedule by ${waited}`
      if (!this.#noted) this.#options.log.write({ kind: 'note', text })
      this.#noted = true
      return
    }
    const began = performance.now()
    await take()
    this.#waitedMs += performance.now() - began
  }

  /** Reads all brokers but those that were read while down. */
  async #readAll(at: Moment): Promise<void> {
    await Promise.all(
      this.#options.brokers.map(async ({ id }) =>
        this.#readWhileDown.has(id) ? this.#readings.get(id) : this.#read(id, at),
      ),
    )
  }

  async #read(broker: number, at: Moment, read = async () => this.#options.logs.read(broker)): Promise<void> {
    const { log, brokers } = this.#options
    const before = this.#readings.get(broker)
    const reading = (async () => {
      await before
      const t = log.now()
      try {
        this.#write(broker, at, t, await this.#withinLimit(broker, read))
      } catch (error) {
        const name = brokers.find(({ id }) => id === broker)?.name ?? `broker ${broker}`
        log.write({ kind: 'note', text: `no extract of ${name} (${at}): ${messageOf(error)}` })
      }
    })()
    this.#readings.set(broker, reading)
    await reading
  }

  /** Throws when the reading exceeds its limit, or while an earlier reading that exceeded it still runs. */
  async #withinLimit(broker: number, read: () => Promise<ReplicaState[]>): Promise<ReplicaState[]> {
    const { readingMs } = this.#limits
    if (this.#overdue.has(broker)) throw new Error('an earlier reading that was given up is still under way')
    const reading = read()
    let timer: NodeJS.Timeout | undefined
    const overdue = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.#overdue.add(broker)
        const over = () => void this.#overdue.delete(broker)
        reading.then(over, over)
        reject(new Error(`the reading took longer than ${readingMs / 1000} s`))
      }, readingMs)
    })
    try {
      return await Promise.race([reading, overdue])
    } finally {
      clearTimeout(timer)
    }
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
