/**
 * What a message carries: its lane, its number and a checksum, padded to size, as readable text:
 * `LP1 <crc32 hex> <lane> <number> ....`. A fence record carries `LPF <crc32 hex> <lane> <nonce>` instead.
 */
import { crc32 } from 'node:zlib'

const message = 'LP1'
const fence = 'LPF'
const crcEnd = 13

export type Decoded =
  { kind: 'message'; s: number } | { kind: 'fence'; nonce: string } | { kind: 'corrupt' } | { kind: 'foreign' }

/** `sizeBytes` at least 64; a payload that needs more takes more. */
export function encode(lane: string, s: number, sizeBytes: number): Buffer {
  const head = `${lane} ${s} `
  const bytes = Buffer.alloc(Math.max(sizeBytes, crcEnd + Buffer.byteLength(head)), '.')
  bytes.write(head, crcEnd)
  bytes.write(`${message} ${checksum(message, bytes.subarray(crcEnd))} `, 'latin1')
  return bytes
}

/** `nonce` without spaces. */
export function encodeFence(lane: string, nonce: string): Buffer {
  return seal(fence, `${lane} ${nonce}`)
}

/** `foreign`: no payload of ours, or of another lane; `corrupt`: ours, but not as it was sent. */
export function decode(value: Buffer, lane: string): Decoded {
  const mark = value.toString('latin1', 0, 3)
  if (mark !== message && mark !== fence)
    return { kind: value.length >= crcEnd && looksSealed(value) ? 'corrupt' : 'foreign' }
  const body = value.subarray(crcEnd)
  if (value.toString('latin1', 3, crcEnd) !== ` ${checksum(mark, body)} `) return { kind: 'corrupt' }
  const [owner = '', word = ''] = body.toString('utf8', 0, 512).split(' ')
  if (owner !== lane) return { kind: 'foreign' }
  return mark === fence ? { kind: 'fence', nonce: word } : { kind: 'message', s: Number(word) }
}

function seal(mark: string, body: string): Buffer {
  const bytes = Buffer.from(body, 'utf8')
  return Buffer.concat([Buffer.from(`${mark} ${checksum(mark, bytes)} `, 'latin1'), bytes])
}

function looksSealed(value: Buffer): boolean {
  return /^... [0-9a-f]{8} $/s.test(value.toString('latin1', 0, crcEnd))
}

/** Over the mark too: a message must not turn into a fence. */
function checksum(mark: string, body: Buffer): string {
  return crc32(body, crc32(mark)).toString(16).padStart(8, '0')
}
