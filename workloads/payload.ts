/**
 * The payload of a message: its lane, its number and a checksum, padded to size, as readable text:
 * `LP1 <crc32 hex> <lane> <number> ....`. A fence record carries `LPF <crc32 hex> <lane> <nonce>` instead.
 */
import { crc32 } from 'node:zlib'
import { decodeTemplate, encodeTemplate } from './application/message.ts'
import type { PayloadFormat } from './payload-format.ts'

const message = 'LP1'
const fence = 'LPF'
const crcEnd = 13
/** Two numbers of ten digits, the dot, and one letter more, so that a longer text does not match. */
const longestNumbers = 22

export type Decoded =
  { kind: 'message'; s: number } | { kind: 'fence'; nonce: string } | { kind: 'corrupt' } | { kind: 'foreign' }

/** `sizeBytes` is the least size; the payload is longer when lane and number need more. */
export function encode(lane: string, s: number, sizeBytes: number, format: PayloadFormat = 'lossproof'): Buffer {
  if (typeof format === 'object') return encodeTemplate(format, s)
  const head = `${lane} ${s} `
  const bytes = Buffer.alloc(Math.max(sizeBytes, crcEnd + Buffer.byteLength(head)), '.')
  bytes.write(head, crcEnd)
  bytes.write(`${message} ${checksum(message, bytes.subarray(crcEnd))} `, 'latin1')
  return bytes
}

/** The key of message `s` of a lane with that many keys. */
export const keyOf = (s: number, keys: number): Buffer => Buffer.from(`k${s % keys}`)

/** `nonce` must not contain spaces. */
export function encodeFence(lane: string, nonce: string): Buffer {
  return seal(fence, `${lane} ${nonce}`)
}

/** `foreign`: not a payload of this format, or of another lane. `corrupt`: the checksum does not match. */
export function decode(value: Buffer, lane: string, format: PayloadFormat = 'lossproof'): Decoded {
  const marker = value.toString('latin1', 0, 3)
  if (typeof format === 'object' && marker !== fence) {
    const s = decodeTemplate(value, format)
    return typeof s === 'number' ? { kind: 'message', s } : { kind: s }
  }
  if (format === 'numbers' && marker !== fence) {
    const s = numberOf(value.toString('latin1', 0, longestNumbers))
    return s === undefined ? { kind: 'foreign' } : { kind: 'message', s }
  }
  if (marker !== message && marker !== fence)
    return { kind: value.length >= crcEnd && looksSealed(value) ? 'corrupt' : 'foreign' }
  const body = value.subarray(crcEnd)
  if (value.toString('latin1', 3, crcEnd) !== ` ${checksum(marker, body)} `) return { kind: 'corrupt' }
  const [owner = '', word = ''] = body.toString('utf8', 0, 512).split(' ')
  if (owner !== lane) return { kind: 'foreign' }
  return marker === fence ? { kind: 'fence', nonce: word } : { kind: 'message', s: Number(word) }
}

/** The number of a message in the format `numbers`: `20.3` is message 23. Undefined for anything else. */
export function numberOf(text: string): number | undefined {
  const parts = /^(\d{1,10})\.(\d{1,10})$/.exec(text)
  return parts ? Number(parts[1]) + Number(parts[2]) : undefined
}

function seal(marker: string, body: string): Buffer {
  const bytes = Buffer.from(body, 'utf8')
  return Buffer.concat([Buffer.from(`${marker} ${checksum(marker, bytes)} `, 'latin1'), bytes])
}

function looksSealed(value: Buffer): boolean {
  return /^... [0-9a-f]{8} $/s.test(value.toString('latin1', 0, crcEnd))
}

/** Covers the marker too, so that a damaged message cannot be taken for a fence. */
function checksum(marker: string, body: Buffer): string {
  return crc32(body, crc32(marker)).toString(16).padStart(8, '0')
}
