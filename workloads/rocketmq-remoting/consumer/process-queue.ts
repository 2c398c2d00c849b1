/** Pulled, unfinished messages of one queue. The offset of the oldest one may be committed. */
import type { StoredMessage } from '../wire/message.ts'
import type { MessageQueue } from '../route.ts'

export class ProcessQueue {
  readonly queue: MessageQueue
  /** True when another member reads the queue, or its offset was moved: results no longer count then. */
  isDropped = false
  /** In the order of offsets, because pulls return messages in that order. */
  readonly #waiting = new Map<number, StoredMessage>()
  #end = -1

  constructor(queue: MessageQueue) {
    this.queue = queue
  }

  get size(): number {
    return this.#waiting.size
  }

  /** Distance in offsets from the oldest unfinished message to the end of what was pulled. */
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

  /**
   * Returns the offset that may be committed: that of the oldest message left, else one more than the highest ever
   * added.
   */
  remove(messages: readonly StoredMessage[]): number {
    for (const message of messages) this.#waiting.delete(message.queueOffset)
    return this.#oldest() ?? this.#end
  }

  #oldest(): number | undefined {
    return this.#waiting.keys().next().value
  }
}
