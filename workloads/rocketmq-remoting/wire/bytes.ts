/**
 * Reads big-endian fields one after the other. Every length is checked against the remaining bytes before it is used.
 */
import { RemotingError } from '../errors.ts'
import type { RemotingErrorCode } from '../errors.ts'

export class ByteReader {
  readonly #buffer: Buffer
  readonly #what: string
  readonly #code: RemotingErrorCode
  #at = 0

  /** `what` and `code` are used in errors. */
  constructor(buffer: Buffer, what: string, code: RemotingErrorCode) {
    this.#buffer = buffer
    this.#what = what
    this.#code = code
  }

  get at(): number {
    return this.#at
  }

  get left(): number {
    return this.#buffer.length - this.#at
  }

  int8(): number {
    return this.#buffer.readInt8(this.#step(1))
  }

  int16(): number {
    return this.#buffer.readInt16BE(this.#step(2))
  }

  int32(): number {
    return this.#buffer.readInt32BE(this.#step(4))
  }

  /** Refuses values beyond 2^53, which a number cannot hold exactly. */
  int64(): number {
    const value = this.#buffer.readBigInt64BE(this.#step(8))
    const exact = Number(value)
    if (!Number.isSafeInteger(exact)) throw this.fail(`a number of ${value}`)
    return exact
  }

  /** Returns a view of the buffer, not a copy. */
  bytes(length: number): Buffer {
    const from = this.#step(length)
    return this.#buffer.subarray(from, from + length)
  }

  text(length: number): string {
    return this.bytes(length).toString('utf8')
  }

  fail(seen: string): RemotingError {
    return new RemotingError(this.#code, `${this.#what}: ${seen} at byte ${this.#at} of ${this.#buffer.length}`, {
      sent: true,
    })
  }

  #step(length: number): number {
    if (length < 0) throw this.fail(`a length of ${length}`)
    if (length > this.left) throw this.fail(`expected ${length} bytes, but only ${this.left} are left`)
    const from = this.#at
    this.#at += length
    return from
  }
}
