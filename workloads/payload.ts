/**
 * The payload of a message: its lane, its number and a checksum, padded to size, as readable text:
 * `LP1 <crc32 hex> <lane> <number> ....`. A fence record carries `LPF <crc32 hex> <lane> <nonce>` instead.
 */
import { crc32 } from 'node:zlib'

const message = 'LP1'
const fence = 'LPF'
const crcEnd = 13

export type Decoded =
  { kind: 'message'; s: number } | { kind: 'fence'; nonce: string } | { kind: 'corrupt' } | { kind: 'foreign' }

/** `sizeBytes` is the least size; the payload is longer when lane and number need more. */
export function encode(lane: string, s: number, sizeBytes: number): Buffer {
  const head = `${lane} ${s} `
  const bytes = Buffer.alloc(Math.max(sizeBytes, crcEnd + Buffer.byteLength(head)), '.')
  bytes.write(head, crcEnd)
  bytes.write(`${message} ${checksum(message, bytes.subarray(crcEnd))} `, 'latin1')
  return bytes
}

/** `nonce` must not contain spaces. */
export function encodeFence(lane: string, nonce: string): Buffer {
  return seal(fence, `${lane} ${nonce}`)
}

/** `foreign`: not a payload of this format, or of another lane. `corrupt`: the checksum does not match. */
export function decode(value: Buffer, lane: string): Decoded {
  const marker = value.toString('latin1', 0, 3)
  if (marker !== message && marker !== fence)
    return { kind: value.length >= crcEnd && looksSealed(value) ? 'corrupt' : 'foreign' }
  const body = value.subarray(crcEnd)
  if (value.toString('latin1', 3, crcEnd) !== ` ${checksum(marker, body)} `) return { kind: 'corrupt' }
  const [owner = '', word = ''] = body.toString('utf8', 0, 512).split(' ')
  if (owner !== lane) return { kind: 'foreign' }
  return marker === fence ? { kind: 'fence', nonce: word } : { kind: 'message', s: Number(word) }
}

function seal(marker: string, body: string): Buffer {
  const bytes = Buffer.from(body, 'utf8')
  return Buffer.concat([Buffer.from(`${marker} ${checksum(marker, bytes)} `, 'latin1'), bytes])
}

function looksSealed(value: Buffer): boolean {
  return /^... [0-9a-f]{8} $/s.test(value.toString('latin1', 0, crcEnd))
}

/** Covers the markerer too, so that a damaged message cannot be taken for a fence. */
function checksum(marker: string, body: Buffer): string {
  return crc32(body, crc32(marker)).toString(16).padStart(8, '0')
}
