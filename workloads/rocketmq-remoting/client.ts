/** Connections to all servers of a cluster, opened on demand and shared by all callers. */
import { nameOfCode, ResponseCode } from './wire/codes.ts'
import { Connection } from './connection.ts'
import type { Answer, Request } from './connection.ts'
import { messageOf, RefusedError, RemotingError } from './errors.ts'
import type { Command } from './wire/header.ts'

export interface RemotingOptions {
  /** Must be unique among the members of a consumer group. */
  clientId: string
  /** Returns the address at which an advertised `host:port` is reached from here. Default: the same address. */
  mapAddress?: (advertised: string) => string
  /** Limit of a request for which the call gives none. Default 3000. */
  requestTimeoutMs?: number
  connectTimeoutMs?: number
}

/**
 * Returns the answer to a server's request. After `undefined` a server that waits for an answer gets "not supported".
 */
export type RequestListener = (command: Command, address: string) => Answer | undefined

export class RemotingClient {
  readonly clientId: string
  readonly requestTimeoutMs: number
  readonly #mapAddress: (advertised: string) => string
  readonly #connectTimeoutMs: number
  readonly #connections = new Map<string, Connection>()
  readonly #opening = new Map<string, Promise<Connection>>()
  readonly #requestListeners = new Set<RequestListener>()
  readonly #connectListeners = new Set<(address: string) => void>()
  #closed = false

  constructor(options: RemotingOptions) {
    this.clientId = options.clientId
    this.requestTimeoutMs = options.requestTimeoutMs ?? 3000
    this.#connectTimeoutMs = options.connectTimeoutMs ?? 3000
    this.#mapAddress = options.mapAddress ?? (advertised => advertised)
  }

  /**
   * Sends a request to the server that advertises `address`. Resolves with its answer of any code. Throws
   * RemotingError.
   */
  async request(address: string, request: Request, timeoutMs = this.requestTimeoutMs): Promise<Answer> {
    return (await this.#connected(address)).request(request, timeoutMs)
  }

  /** Like `request`, but throws RefusedError unless the answer is SUCCESS. `what` names the request in the error. */
  async call(address: string, request: Request, what: string, timeoutMs = this.requestTimeoutMs): Promise<Answer> {
    const answer = await this.request(address, request, timeoutMs)
    if (answer.code !== ResponseCode.SUCCESS)
      throw new RefusedError(`${what} at ${address}`, answer.code, nameOfCode(answer.code), answer.remark)
    return answer
  }

  /** Resolves when the bytes have left this process. */
  async oneWay(address: string, request: Request): Promise<void> {
    await (await this.#connected(address)).oneWay(request)
  }

  /** Registers a listener for requests from servers. Returns a function that removes it. */
  onRequest(listener: RequestListener): () => void {
    this.#requestListeners.add(listener)
    return () => this.#requestListeners.delete(listener)
  }

  /**
   * Registers a listener for new connections. Returns a function that removes it. A broker forgets a client when its
   * connection ends, so that it must register again.
   */
  onConnect(listener: (address: string) => void): () => void {
    this.#connectListeners.add(listener)
    return () => this.#connectListeners.delete(listener)
  }

  /** Ends all connections at once. Requests without an answer fail with `closed`. */
  close(): void {
    this.#closed = true
    for (const connection of this.#connections.values()) connection.close()
    this.#connections.clear()
  }

  async #connected(address: string): Promise<Connection> {
    if (this.#closed) throw new RemotingError('closed', `the client ${this.clientId} was closed`)
    const present = this.#connections.get(address)
    if (present?.isUsable) return present
    const opening = this.#opening.get(address) ?? this.#open(address)
    this.#opening.set(address, opening)
    return opening
  }

  async #open(address: string): Promise<Connection> {
    try {
      const connection: Connection = await Connection.open({
        address: this.#mapAddress(address),
        connectTimeoutMs: this.#connectTimeoutMs,
        onRequest: command => this.#hear(command, address),
        onClose: () => {
          if (this.#connections.get(address) === connection) this.#connections.delete(address)
        },
      })
      if (this.#closed) {
        connection.close()
        throw new RemotingError('closed', `the client ${this.clientId} was closed`)
      }
      this.#connections.set(address, connection)
      for (const listener of this.#connectListeners) listener(address)
      return connection
    } catch (error) {
      throw error instanceof RemotingError
        ? error
        : new RemotingError('connect', `${address}: ${messageOf(error)}`, { cause: error })
    } finally {
      this.#opening.delete(address)
    }
  }

  #hear(command: Command, address: string): Answer | undefined {
    for (const listener of this.#requestListeners) {
      const answer = listener(command, address)
      if (answer) return answer
    }
    return undefined
  }
}
