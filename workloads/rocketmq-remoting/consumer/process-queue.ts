/** Messages of one queue that were pulled and are not done with. What may be committed is where the oldest of them stands. */
import type { StoredMessage } from '../message.ts'
import type { MessageQueue } from '../route.ts'

export class ProcessQueue {
  readonly queue: MessageQueue
  /** Another member reads the queue now, or its offset moved: results no longer count. */
  isDropped = false
  /** In the order of offsets, because pulls bring them so. */
  readonly #waiting = new Map<number, StoredMessage>()
  #end = -1

  constructor(queue: MessageQueue) {
    this.queue = queue
  }

  get size(): number {
    return this.#waiting.size
  }

  /** Between the oldest and the newest message that is not done with. */
  get span(): number {
    const oldest = this.#oldest()
    return oldest === undefined ? 0 : this.#end - oldest
  }

  put(messages: readonly StoredMessage[]): void {
    for (const message of messages) {
      this.#waiting.set(message.queueOffset, message)
      this.#end = Math.max(this.#end, message.queueOffset + 1)
    }
  }

  /** Returns the offset that may be committed: of the oldest message left, else behind the newest that ever was here. */
  remove(messages: readonly StoredMessage[]): number {
    for (const message of messages) this.#waiting.delete(message.queueOffset)
    return this.#oldest() ?? this.#end
  }

  #oldest(): number | undefined {
    return this.#waiting.keys().next().value
  }
}
