/** Reads big-endian fields one after the other. Every length is held against what is there before anything is taken. */
import { RemotingError } from './errors.ts'
import type { RemotingErrorCode } from './errors.ts'

export class ByteReader {
  readonly #buffer: Buffer
  readonly #what: string
  readonly #code: RemotingErrorCode
  #at = 0

  /** `what` names the thing in errors; `code` is their code. */
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

  /** As a number; beyond 2^53 it is refused, since it would not be exact. */
  int64(): number {
    const value = this.#buffer.readBigInt64BE(this.#step(8))
    const exact = Number(value)
    if (!Number.isSafeInteger(exact)) throw this.fail(`a number of ${value}`)
    return exact
  }

  /** A view, not a copy. */
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
    if (length > this.left) throw this.fail(`${length} bytes wanted where ${this.left} are left`)
    const from = this.#at
    this.#at += length
    return from
  }
}
