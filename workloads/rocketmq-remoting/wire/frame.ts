/**
 * Frames of the remoting protocol: length(4) of everything after it, header length(4), header, body. The highest byte
 * of the header length says how the header is encoded: 0 is JSON, 1 is RocketMQ's binary form.
 */
import { RemotingError } from '../errors.ts'
import { decodeBinaryHeader, decodeJsonHeader, encodeJsonHeader } from './header.ts'
import type { Command } from './header.ts'

/** The limit of RocketMQ's own endpoints (com.rocketmq.remoting.frameMaxLength). */
export const maxFrameBytes = 16_777_216
const maxHeaderBytes = 1_048_576
const lengthBytes = 4

export function encodeFrame(command: Command): Buffer {
  const header = encodeJsonHeader(command)
  const length = lengthBytes + header.length + command.body.length
  if (header.length > maxHeaderBytes || length > maxFrameBytes) {
    throw new RemotingError(
      'limit',
      `a frame of ${length} bytes with a header of ${header.length}: the limits are ${maxFrameBytes} and ${maxHeaderBytes}`,
    )
  }
  const start = Buffer.allocUnsafe(2 * lengthBytes)
  start.writeInt32BE(length, 0)
  // The highest byte of the header length stays 0, which means JSON.
  start.writeInt32BE(header.length, lengthBytes)
  return Buffer.concat([start, header, command.body])
}

/**
 * Turns the chunks of a socket into complete frames. It allocates nothing for a frame until all its bytes have arrived,
 * so that a peer cannot make it allocate more memory than it sends bytes. Throws RemotingError('malformed'); nothing
 * more can be read from that peer then.
 */
export class FrameDecoder {
  #chunks: Buffer[] = []
  #size = 0
  /** Size of the incomplete frame, including its length field; undefined until the length field has arrived. */
  #wanted: number | undefined

  /** Whether a part of a frame has arrived. */
  get isInFrame(): boolean {
    return this.#size > 0
  }

  push(chunk: Buffer): Command[] {
    if (chunk.length > 0) this.#chunks.push(chunk)
    this.#size += chunk.length
    const commands: Command[] = []
    for (let wanted = this.#wantedBytes(); wanted !== undefined && this.#size >= wanted; wanted = this.#wantedBytes()) {
      const joined = this.#join()
      commands.push(decodeFrame(joined.subarray(lengthBytes, wanted)))
      this.#chunks = joined.length === wanted ? [] : [joined.subarray(wanted)]
      this.#size -= wanted
      this.#wanted = undefined
    }
    return commands
  }

  #wantedBytes(): number | undefined {
    if (this.#wanted === undefined && this.#size >= lengthBytes) {
      const first = this.#chunks[0]
      const length = (first && first.length >= lengthBytes ? first : this.#join()).readInt32BE(0)
      if (length < lengthBytes || length > maxFrameBytes)
        throw malformed(`a frame of ${length} bytes; the limits are ${lengthBytes} and ${maxFrameBytes}`)
      this.#wanted = lengthBytes + length
    }
    return this.#wanted
  }

  #join(): Buffer {
    const [only, ...others] = this.#chunks
    const joined = only && others.length === 0 ? only : Buffer.concat(this.#chunks)
    this.#chunks = [joined]
    return joined
  }
}

/** `frame`: everything after the length field. */
function decodeFrame(frame: Buffer): Command {
  const type = frame.readUInt8(0)
  const headerLength = frame.readUInt32BE(0) & 0xff_ffff
  const left = frame.length - lengthBytes
  if (headerLength > left) throw malformed(`a header of ${headerLength} bytes in a frame with ${left} left`)
  if (headerLength > maxHeaderBytes)
    throw malformed(`a header of ${headerLength} bytes; the limit is ${maxHeaderBytes}`)
  const header = frame.subarray(lengthBytes, lengthBytes + headerLength)
  const body = frame.subarray(lengthBytes + headerLength)
  if (type === 0) return { ...decodeJsonHeader(header), body }
  if (type === 1) return { ...decodeBinaryHeader(header), body }
  throw malformed(`a header written as type ${type}; 0 (JSON) and 1 (ROCKETMQ) are known`)
}

function malformed(seen: string): RemotingError {
  return new RemotingError('malformed', `not a frame of the remoting protocol: ${seen}`, { sent: true })
}
