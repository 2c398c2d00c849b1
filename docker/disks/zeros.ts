const zeros = Buffer.alloc(65_536)

export function isZero(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at += zeros.length) {
    const piece = bytes.subarray(at, at + zeros.length)
    if (piece.compare(zeros, 0, piece.length) !== 0) return false
  }
  return true
}
