/** Stores for a consumer's offsets: with CLUSTERING the broker, with BROADCASTING a file of each instance. */
import { existsSync, readFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import type { RemotingClient } from '../client.ts'
import { RemotingError } from '../errors.ts'
import { parseObject, wholeNumber } from '../wire/json.ts'
import { consumerOffset, updateConsumerOffset } from '../offsets.ts'
import { keyOf, brokerToReadFrom } from '../route.ts'
import type { MessageQueue, Routes } from '../route.ts'

export interface OffsetStore {
  /** The next offset to read; undefined when none is stored. Throws when the store cannot be read. */
  read(queue: MessageQueue): Promise<number | undefined>
  /** Keeps the offset in memory until the next `persist`. With `increaseOnly`, a lower offset is ignored. */
  update(queue: MessageQueue, offset: number, increaseOnly: boolean): void
  /**
   * Writes changed offsets, of `queue` or of all. Throws when one could not be written; the next call tries it again.
   */
  persist(queue?: MessageQueue): Promise<void>
  forget(queue: MessageQueue): void
}

interface Entry {
  queue: MessageQueue
  offset: number
  written: number | undefined
}

type OnCommit = (queue: MessageQueue, offset: number) => void

/** The latest offsets, and which of them are written. Both stores use it. */
class OffsetTable {
  readonly #entries = new Map<string, Entry>()

  update(queue: MessageQueue, offset: number, increaseOnly: boolean): void {
    const known = this.#entries.get(keyOf(queue))
    if (!known) this.#entries.set(keyOf(queue), { queue, offset, written: undefined })
    else if (!increaseOnly || offset > known.offset) known.offset = offset
  }

  unwritten(queue?: MessageQueue): Entry[] {
    const wanted = queue && keyOf(queue)
    return [...this.#entries]
      .filter(([key, entry]) => (wanted === undefined || key === wanted) && entry.offset !== entry.written)
      .map(([, entry]) => entry)
  }

  forget(queue: MessageQueue): void {
    this.#entries.delete(keyOf(queue))
  }
}

export class BrokerOffsetStore implements OffsetStore {
  readonly #table = new OffsetTable()
  readonly #client: RemotingClient
  readonly #routes: Routes
  readonly #group: string
  readonly #onCommit: OnCommit

  /** `onCommit` is called for offsets that the broker has accepted. */
  constructor(client: RemotingClient, routes: Routes, group: string, onCommit: OnCommit) {
    this.#client = client
    this.#routes = routes
    this.#group = group
    this.#onCommit = onCommit
  }

  async read(queue: MessageQueue): Promise<number | undefined> {
    return consumerOffset(this.#client, await this.#address(queue), this.#group, queue)
  }

  update(queue: MessageQueue, offset: number, increaseOnly: boolean): void {
    this.#table.update(queue, offset, increaseOnly)
  }

  async persist(queue?: MessageQueue): Promise<void> {
    const results = await Promise.allSettled(this.#table.unwritten(queue).map(async entry => this.#write(entry)))
    for (const result of results) if (result.status === 'rejected') throw result.reason
  }

  forget(queue: MessageQueue): void {
    this.#table.forget(queue)
  }

  async #write(entry: Entry): Promise<void> {
    const { queue, offset } = entry
    await updateConsumerOffset(this.#client, await this.#address(queue), this.#group, queue, offset)
    entry.written = offset
    this.#onCommit(queue, offset)
  }

  async #address(queue: MessageQueue): Promise<string> {
    const broker = brokerToReadFrom(await this.#routes.get(queue.topic), queue.brokerName)
    if (!broker) throw new RemotingError('no-route', `the route of ${queue.topic} has no broker of ${queue.brokerName}`)
    return broker.address
  }
}

/** A file of the form `{ "topic@broker@queue": offset }`. Each write replaces the whole file. */
export class FileOffsetStore implements OffsetStore {
  readonly #table = new OffsetTable()
  readonly #path: string
  readonly #kept: Map<string, number>
  readonly #onCommit: OnCommit
  #writing: Promise<void> = Promise.resolve()

  constructor(path: string, onCommit: OnCommit) {
    this.#path = path
    this.#onCommit = onCommit
    const known = existsSync(path) ? parseObject(readFileSync(path), path) : new Map<string, unknown>()
    this.#kept = new Map([...known].map(([key, offset]) => [key, wholeNumber(offset, `${key} in ${path}`)]))
  }

  async read(queue: MessageQueue): Promise<number | undefined> {
    return this.#kept.get(keyOf(queue))
  }

  update(queue: MessageQueue, offset: number, increaseOnly: boolean): void {
    this.#table.update(queue, offset, increaseOnly)
  }

  /** Writes run one at a time. Each writes everything that is known when it begins. */
  async persist(queue?: MessageQueue): Promise<void> {
    const previous = this.#writing
    const current = previous.then(async () => this.#write(queue))
    this.#writing = current.catch(() => {})
    return current
  }

  forget(queue: MessageQueue): void {
    this.#table.forget(queue)
  }

  async #write(queue?: MessageQueue): Promise<void> {
    const changed = this.#table.unwritten(queue).map(entry => ({ entry, offset: entry.offset }))
    if (changed.length === 0) return
    const next = new Map(this.#kept)
    for (const { entry, offset } of changed) next.set(keyOf(entry.queue), offset)
    const draft = `${this.#path}.tmp`
    await writeFile(draft, `${JSON.stringify(Object.fromEntries(next))}\n`)
    await rename(draft, this.#path)
    for (const { entry, offset } of changed) {
      this.#kept.set(keyOf(entry.queue), offset)
      entry.written = offset
      this.#onCommit(entry.queue, offset)
    }
  }
}
