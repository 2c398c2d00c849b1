/** Calls the listener with pulled messages, with a limit of concurrent calls, and acts on its results. */
import { setTimeout as delay } from 'node:timers/promises'
import { originalTopic } from '../wire/message.ts'
import type { StoredMessage } from '../wire/message.ts'
import type { ConsumeContext, PushConsumerOptions } from './options.ts'
import type { ProcessQueue } from './process-queue.ts'

export interface DispatcherHooks {
  /** Resolves with false when the broker did not accept the message. */
  sendBack: (message: StoredMessage, processQueue: ProcessQueue, delayLevel: number) => Promise<boolean>
  /** Called with the offset that may be committed now. */
  onProgress: (processQueue: ProcessQueue, offset: number) => void
}

interface Task {
  processQueue: ProcessQueue
  messages: StoredMessage[]
}

export class Dispatcher {
  readonly #options: PushConsumerOptions
  readonly #hooks: DispatcherHooks
  readonly #limit: number
  readonly #batch: number
  readonly #tasks: Task[] = []
  readonly #running = new Set<Promise<void>>()
  readonly #stop = new AbortController()

  constructor(options: PushConsumerOptions, hooks: DispatcherHooks) {
    this.#options = options
    this.#hooks = hooks
    this.#limit = options.consumeThreadMax ?? 20
    this.#batch = options.consumeMessageBatchMaxSize ?? 1
  }

  submit(processQueue: ProcessQueue, messages: readonly StoredMessage[]): void {
    for (let at = 0; at < messages.length; at += this.#batch)
      this.#tasks.push({ processQueue, messages: messages.slice(at, at + this.#batch) })
    this.#fill()
  }

  /** Starts no further listener calls. Resolves when the running ones have ended, or after `limitMs`. */
  async stop(limitMs: number): Promise<void> {
    this.#stop.abort()
    this.#tasks.length = 0
    const expired = new AbortController()
    await Promise.race([
      Promise.allSettled(this.#running),
      delay(limitMs, undefined, { signal: expired.signal }).catch(() => {}),
    ])
    expired.abort()
  }

  #fill(): void {
    while (this.#running.size < this.#limit && !this.#stop.signal.aborted) {
      const task = this.#tasks.shift()
      if (!task) return
      const running = this.#consume(task).finally(() => {
        this.#running.delete(running)
        this.#fill()
      })
      this.#running.add(running)
    }
  }

  async #consume({ processQueue, messages }: Task): Promise<void> {
    if (processQueue.isDropped) return
    const context: ConsumeContext = { queue: processQueue.queue, delayLevelWhenNextConsume: 0 }
    const isSuccess = await this.#listen(messages, context)
    if (processQueue.isDropped) return
    const done = isSuccess ? messages : await this.#giveBack(processQueue, messages, context.delayLevelWhenNextConsume)
    const offset = processQueue.remove(done)
    if (!processQueue.isDropped) this.#hooks.onProgress(processQueue, offset)
  }

  async #listen(messages: readonly StoredMessage[], context: ConsumeContext): Promise<boolean> {
    try {
      const seen = messages.map(message => ({ ...message, topic: originalTopic(message) }))
      return (await this.#options.listener(seen, context)) === 'CONSUME_SUCCESS'
    } catch (error) {
      this.#options.events?.onError?.('listener', error)
      return false
    }
  }

  /** Returns the messages that are finished. The others stay here and are consumed again later. */
  async #giveBack(
    processQueue: ProcessQueue,
    messages: readonly StoredMessage[],
    delayLevel: number,
  ): Promise<StoredMessage[]> {
    if (this.#options.messageModel === 'BROADCASTING') {
      for (const message of messages) this.#options.events?.onDropped?.(message)
      return [...messages]
    }
    const done: StoredMessage[] = []
    const kept: StoredMessage[] = []
    for (const message of messages)
      ((await this.#hooks.sendBack(message, processQueue, delayLevel)) ? done : kept).push(message)
    if (kept.length > 0)
      this.#later(
        processQueue,
        kept.map(message => ({ ...message, reconsumeTimes: message.reconsumeTimes + 1 })),
      )
    return done
  }

  #later(processQueue: ProcessQueue, messages: StoredMessage[]): void {
    const waited = delay(this.#options.consumeAgainMs ?? 5000, undefined, { signal: this.#stop.signal })
    void waited.then(() => this.submit(processQueue, messages)).catch(() => {})
  }
}
