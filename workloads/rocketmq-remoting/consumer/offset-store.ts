/** Where a group's progress is kept: clustering in the broker, broadcasting in a file of each instance's own. */
import { existsSync, readFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import type { RemotingClient } from '../client.ts'
import { RemotingError } from '../errors.ts'
import { parseObject, wholeNumber } from '../json.ts'
import { consumerOffset, updateConsumerOffset } from '../offsets.ts'
import { keyOf, brokerToReadFrom } from '../route.ts'
import type { MessageQueue, Routes } from '../route.ts'

export interface OffsetStore {
  /** The next offset to read; undefined when none is kept. Throws when that cannot be told. */
  read(queue: MessageQueue): Promise<number | undefined>
  /** Remembers it until the next `persist`. `increaseOnly`: a lower one changes nothing. */
  update(queue: MessageQueue, offset: number, increaseOnly: boolean): void
  /** Writes what changed, of `queue` or of all. What could not be written is tried again by the next call; throws then. */
  persist(queue?: MessageQueue): Promise<void>
  forget(queue: MessageQueue): void
}

interface Entry {
  queue: MessageQueue
  offset: number
  written: number | undefined
}

type OnCommit = (queue: MessageQueue, offset: number) => void

/** What both stores share: the latest offsets, and which of them are written. */
class Table {
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
  readonly #table = new Table()
  readonly #client: RemotingClient
  readonly #routes: Routes
  readonly #group: string
  readonly #onCommit: OnCommit

  /** `onCommit` is told what the broker has taken. */
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
    const reader = brokerToReadFrom(await this.#routes.get(queue.topic), queue.brokerName)
    if (!reader) throw new RemotingError('no-route', `the route of ${queue.topic} has no broker of ${queue.brokerName}`)
    return reader.address
  }
}

/** `{ "topic@broker@queue": offset }`, replaced as a whole. */
export class FileOffsetStore implements OffsetStore {
  readonly #table = new Table()
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

  /** One write at a time; each holds everything known when it begins. */
  async persist(queue?: MessageQueue): Promise<void> {
    const before = this.#writing
    const mine = before.then(async () => this.#write(queue))
    this.#writing = mine.catch(() => {})
    return mine
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
