/** Connections to all the servers of a cluster, opened on demand and shared by everything that asks the same one. */
import { nameOfCode, ResponseCode } from './codes.ts'
import { Connection } from './connection.ts'
import type { Answer, Request } from './connection.ts'
import { messageOf, RefusedError, RemotingError } from './errors.ts'
import type { Command } from './header.ts'

export interface RemotingOptions {
  /** Unique among the members of a consumer group. */
  clientId: string
  /** Where a server that advertises `host:port` is reached from here. As advertised unless given. */
  mapAddress?: (advertised: string) => string
  /** Limit of one request, unless the call says otherwise. 3000 unless given. */
  requestTimeoutMs?: number
  connectTimeoutMs?: number
}

/** `undefined`: the server gets no answer, or "not supported" when it waits for one. */
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

  /** Asks the server that advertises `address`; resolves with its answer, whatever the code. Throws RemotingError. */
  async request(address: string, request: Request, timeoutMs = this.requestTimeoutMs): Promise<Answer> {
    return (await this.#connected(address)).request(request, timeoutMs)
  }

  /** As `request`, but throws RefusedError unless the answer is SUCCESS. `what` names the request in the error. */
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

  /** Hears what servers ask of this client. Returns what ends that. */
  onRequest(listener: RequestListener): () => void {
    this.#requestListeners.add(listener)
    return () => this.#requestListeners.delete(listener)
  }

  /** Hears of each new connection: a broker knows a client only as long as its connection. */
  onConnect(listener: (address: string) => void): () => void {
    this.#connectListeners.add(listener)
    return () => this.#connectListeners.delete(listener)
  }

  /** Ends all connections at once; what waits fails with `closed`. */
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
