/** A connection to one broker that is opened when needed, and again after a failure. */
import { Connection, ResponseError } from '@platformatic/kafka'
import { LossproofError, messageOf } from '../../../model/errors.ts'

/** Longer than the limit of any call: `call` enforces those itself. */
const requestLimitMs = 300_000

export class BrokerConnection {
  readonly #host: string
  readonly #port: number
  readonly #limitMs: number
  #connection: Connection | undefined
  #connecting: Promise<Connection> | undefined

  /** `address`: `host:port`. */
  constructor(address: string, limitMs: number) {
    const at = address.lastIndexOf(':')
    this.#host = address.slice(0, at)
    this.#port = Number(address.slice(at + 1))
    this.#limitMs = limitMs
  }

  /**
   * Drops the connection when it fails or does not answer in time, so that the next call opens a new one. Throws
   * LossproofError('cluster').
   */
  async call<T>(ask: (connection: Connection) => Promise<T>, limitMs = this.#limitMs): Promise<T> {
    let timer: NodeJS.Timeout | undefined
    const expired = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`${this.#host}:${this.#port} did not answer within ${limitMs} ms`)),
        limitMs,
      )
    })
    try {
      return await Promise.race([this.#connected().then(ask), expired])
    } catch (error) {
      // A ResponseError is an answer with an error code: the connection works. After any other error it is closed.
      if (!(error instanceof ResponseError)) this.#forget()?.socket?.destroy()
      throw new LossproofError('cluster', describe(error), { cause: error })
    } finally {
      clearTimeout(timer)
    }
  }

  #forget(): Connection | undefined {
    const connection = this.#connection
    this.#connection = undefined
    this.#connecting = undefined
    return connection
  }

  /** Concurrent calls share one connection. */
  async #connected(): Promise<Connection> {
    const status = this.#connection?.status
    if (this.#connecting && (status === 'connecting' || status === 'connected')) return this.#connecting
    const connection = new Connection('lossproof', { connectTimeout: this.#limitMs, requestTimeout: requestLimitMs })
    connection.on('error', () => {})
    this.#connection = connection
    this.#connecting = Promise.resolve(connection.connect(this.#host, this.#port)).then(() => connection)
    return this.#connecting
  }

  async close(): Promise<void> {
    const connection = this.#forget()
    await connection?.close().catch(() => {})
  }
}

/** The answer of a broker, also when it carries error codes for some of what was asked. */
export async function answered<T>(request: Promise<T>): Promise<T> {
  try {
    return await request
  } catch (error) {
    if (!(error instanceof ResponseError)) throw error
    const response: T = error['response']
    return response
  }
}

/** The library keeps the broker's error codes in `errors`. */
function describe(error: unknown): string {
  const inner = error instanceof AggregateError ? error.errors.map(messageOf) : []
  return [messageOf(error), ...inner].join(': ')
}
