/** CRC-32C (Castagnoli), the checksum of record batches of version 2. Node's zlib has only the CRC-32 of gzip. */

const reversedPolynomial = 0x82f63b78

const table = Int32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte
  for (let bit = 0; bit < 8; bit++) rest = (rest & 1) === 1 ? (rest >>> 1) ^ reversedPolynomial : rest >>> 1
  return rest
})

/** The checksum as an unsigned number. */
export function crc32c(bytes: Uint8Array): number {
  let crc = -1
  for (let at = 0; at < bytes.length; at++) crc = (crc >>> 8) ^ (table[(crc ^ (bytes[at] ?? 0)) & 255] ?? 0)
  return ~crc >>> 0
}
