/** What can go wrong between this client and a server. Each error says what was seen; `code` says which kind it is. */
export type RemotingErrorCode =
  /** Bytes that are no frame of the protocol; the connection is ended. */
  | 'malformed'
  /** No answer in time. The request may still be carried out. */
  | 'timeout'
  /** No connection could be made: nothing was sent. */
  | 'connect'
  /** The connection ended before the answer. The request may have been carried out. */
  | 'disconnected'
  /** This client was closed. */
  | 'closed'
  /** A limit of this client's own. */
  | 'limit'
  /** The server answered with a code that is no success. */
  | 'refused'
  /** No name server knows the topic, or the route has no broker for the purpose. */
  | 'no-route'
  /** A stored message that cannot be read. */
  | 'message'

export class RemotingError extends Error {
  override readonly name: string = 'RemotingError'
  readonly code: RemotingErrorCode
  /** Whether bytes of the request may have reached the server. */
  readonly sent: boolean

  constructor(code: RemotingErrorCode, message: string, options: { sent?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.sent = options.sent ?? false
  }
}

/** A server's answer with a code that is not success. */
export class RefusedError extends RemotingError {
  override readonly name = 'RefusedError'
  readonly responseCode: number
  readonly remark: string

  constructor(what: string, responseCode: number, codeName: string, remark: string | undefined) {
    super('refused', `${what}: ${codeName} (${responseCode})${remark === undefined ? '' : `: ${remark}`}`, {
      sent: true,
    })
    this.responseCode = responseCode
    this.remark = remark ?? ''
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
