/**
 * One TCP connection. Answers are matched to requests by their opaque number, and each request has its own time limit.
 */
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { ResponseCode } from './wire/codes.ts'
import { messageOf, RemotingError } from './errors.ts'
import { encodeFrame, FrameDecoder } from './wire/frame.ts'
import type { Command, Fields } from './wire/header.ts'

export interface Request {
  code: number
  fields: Record<string, string | number | boolean>
  body?: Buffer
}

export interface Answer {
  code: number
  remark: string | undefined
  fields: Fields
  body: Buffer
}

/** Handles a server's request. Returns the answer, or `undefined` for a request that this client does not support. */
export type ServerRequestHandler = (command: Command) => Answer | undefined

export interface ConnectionOptions {
  /** `host:port` */
  address: string
  connectTimeoutMs: number
  onRequest?: ServerRequestHandler
  onClose?: (reason: RemotingError) => void
}

interface Pending {
  resolve: (answer: Answer) => void
  reject: (error: RemotingError) => void
  timer: NodeJS.Timeout
}

/** Much more than any in-flight limit needs. It catches callers that never wait for answers. */
const maxPending = 65_536
const maxOpaque = 0x7fff_ffff

export class Connection {
  readonly address: string
  readonly #socket: Socket
  readonly #options: ConnectionOptions
  readonly #decoder = new FrameDecoder()
  readonly #pending = new Map<number, Pending>()
  #lastOpaque = 0
  #lastHeardAt = performance.now()
  #retired = false
  #ended: RemotingError | undefined

  private constructor(socket: Socket, options: ConnectionOptions) {
    this.address = options.address
    this.#socket = socket
    this.#options = options
    socket.on('data', chunk => this.#hear(chunk))
    socket.on('error', error =>
      this.#end(new RemotingError('disconnected', `${this.address}: ${error.message}`, { sent: true, cause: error })),
    )
    socket.on('close', () => {
      const how = this.#decoder.isInFrame ? 'ended the connection in the middle of a frame' : 'ended the connection'
      this.#end(new RemotingError('disconnected', `${this.address} ${how}`, { sent: true }))
    })
  }

  /** Throws RemotingError('connect'). */
  static async open(options: ConnectionOptions): Promise<Connection> {
    const { host, port } = splitAddress(options.address)
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port, noDelay: true, keepAlive: true })
      const fail = (seen: string, cause?: unknown) => {
        clearTimeout(timer)
        socket.destroy()
        reject(new RemotingError('connect', `no connection to ${options.address}: ${seen}`, { cause }))
      }
      const timer = setTimeout(() => fail(`nothing within ${options.connectTimeoutMs} ms`), options.connectTimeoutMs)
      const refused = (error: Error) => fail(messageOf(error), error)
      socket.once('error', refused)
      socket.once('connect', () => {
        clearTimeout(timer)
        const connection = new Connection(socket, options)
        socket.off('error', refused)
        resolve(connection)
      })
    })
  }

  /**
   * False when the connection has ended, or when nothing at all arrived while a request waited until its limit. The
   * next request then opens another connection.
   */
  get isUsable(): boolean {
    return this.#ended === undefined && !this.#retired
  }

  /**
   * Resolves with the answer, of any code. Throws RemotingError: `timeout`, `disconnected`, `malformed`, `limit`,
   * `closed`.
   */
  async request(request: Request, timeoutMs: number): Promise<Answer> {
    this.#assertOpen()
    if (this.#pending.size >= maxPending)
      throw new RemotingError('limit', `${maxPending} requests to ${this.address} are unanswered`)
    const opaque = this.#nextOpaque()
    const frame = encodeFrame(commandOf(request, opaque, false))
    const sentAt = performance.now()
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#expire(opaque, request.code, timeoutMs, sentAt), timeoutMs)
      this.#pending.set(opaque, { resolve, reject, timer })
      this.#socket.write(frame)
    })
  }

  /** Resolves when the kernel has accepted the bytes. Nothing else can be known about a one-way request. */
  async oneWay(request: Request): Promise<void> {
    this.#assertOpen()
    const frame = encodeFrame(commandOf(request, this.#nextOpaque(), true))
    return new Promise((resolve, reject) => {
      this.#socket.write(frame, error => {
        if (error)
          reject(new RemotingError('disconnected', `${this.address}: ${error.message}`, { sent: true, cause: error }))
        else resolve()
      })
    })
  }

  /** Ends the connection at once. Requests without an answer fail with `closed`. */
  close(): void {
    this.#end(new RemotingError('closed', `the connection to ${this.address} was closed`, { sent: true }))
  }

  #hear(chunk: Buffer): void {
    this.#lastHeardAt = performance.now()
    try {
      for (const command of this.#decoder.push(chunk)) {
        if (command.isResponse) this.#settle(command)
        else this.#serve(command)
      }
    } catch (error) {
      this.#end(
        error instanceof RemotingError
          ? error
          : new RemotingError('malformed', `${this.address}: ${messageOf(error)}`, { sent: true, cause: error }),
      )
    }
  }

  /** Drops an answer whose request has expired. */
  #settle(command: Command): void {
    const pending = this.#take(command.opaque)
    pending?.resolve({ code: command.code, remark: command.remark, fields: command.fields, body: command.body })
  }

  #serve(command: Command): void {
    const unsupported: Answer = {
      code: ResponseCode.REQUEST_CODE_NOT_SUPPORTED,
      remark: `request type ${command.code} not supported`,
      fields: new Map(),
      body: Buffer.alloc(0),
    }
    const answer = this.#options.onRequest?.(command) ?? unsupported
    if (command.isOneWay || this.#ended) return
    this.#socket.write(encodeFrame({ ...answer, opaque: command.opaque, isResponse: true, isOneWay: false }))
  }

  #expire(opaque: number, code: number, timeoutMs: number, sentAt: number): void {
    // Nothing has arrived since: the link is dead or the peer is frozen. Answers that still arrive are accepted.
    if (this.#lastHeardAt <= sentAt) this.#retired = true
    this.#take(opaque)?.reject(
      new RemotingError('timeout', `${this.address} did not answer request ${code} within ${timeoutMs} ms`, {
        sent: true,
      }),
    )
  }

  #take(opaque: number): Pending | undefined {
    const pending = this.#pending.get(opaque)
    if (!pending) return undefined
    clearTimeout(pending.timer)
    this.#pending.delete(opaque)
    if (this.#retired && this.#pending.size === 0) setImmediate(() => this.close())
    return pending
  }

  #end(reason: RemotingError): void {
    if (this.#ended) return
    this.#ended = reason
    this.#socket.destroy()
    for (const opaque of this.#pending.keys()) this.#take(opaque)?.reject(reason)
    this.#options.onClose?.(reason)
  }

  #assertOpen(): void {
    if (this.#ended) throw new RemotingError(this.#ended.code, this.#ended.message, { cause: this.#ended })
  }

  #nextOpaque(): number {
    this.#lastOpaque = this.#lastOpaque === maxOpaque ? 1 : this.#lastOpaque + 1
    return this.#lastOpaque
  }
}

export function splitAddress(address: string): { host: string; port: number } {
  const at = address.lastIndexOf(':')
  const port = Number(address.slice(at + 1))
  if (at < 1 || !Number.isInteger(port) || port < 1 || port > 65_535)
    throw new RemotingError('connect', `invalid address "${address}": expected host:port`)
  return { host: address.slice(0, at), port }
}

function commandOf(request: Request, opaque: number, isOneWay: boolean): Command {
  const fields = new Map(Object.entries(request.fields).map(([key, value]) => [key, String(value)]))
  return {
    code: request.code,
    opaque,
    isResponse: false,
    isOneWay,
    remark: undefined,
    fields,
    body: request.body ?? Buffer.alloc(0),
  }
}
