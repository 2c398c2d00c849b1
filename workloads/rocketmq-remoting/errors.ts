/** The kinds of failures between this client and a server. */
export type RemotingErrorCode =
  /** Bytes that are not a frame of the protocol. The connection is closed. */
  | 'malformed'
  /** No answer in time. The server may still handle the request. */
  | 'timeout'
  /** No connection could be opened. Nothing was sent. */
  | 'connect'
  /** The connection ended before the answer. The server may have handled the request. */
  | 'disconnected'
  /** This client was closed. */
  | 'closed'
  /** A limit of this client was exceeded. */
  | 'limit'
  /** The server answered with a code other than SUCCESS. */
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

/** A server's answer with a code other than SUCCESS. */
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
