/** Files of a commit log for tests, written with the encoder that the client's tests use. */
import { encode } from '../../../workloads/payload.ts'
import { encodeStored } from '../../../workloads/rocketmq-remoting/testing/stored.ts'
import type { StoredFixture } from '../../../workloads/rocketmq-remoting/testing/stored.ts'
import { logFile } from './log.ts'

export type Written = Omit<StoredFixture, 'physicalOffset'> & { storeTimeMs?: number }

const storeTimeAt = 56

/** Appends the messages as a broker does: one after the other, with a filler at the end of a file. */
export function writeLog(messages: readonly Written[], fileBytes: number): Map<string, Buffer> {
  const files = new Map<string, Buffer>()
  let [base, at] = [0, 0]
  const file = () => {
    const made = files.get(logFile(base)) ?? Buffer.alloc(fileBytes)
    files.set(logFile(base), made)
    return made
  }
  for (const { storeTimeMs, ...message } of messages) {
    const place = () => {
      const bytes = encodeStored({ ...message, physicalOffset: base + at })
      if (storeTimeMs !== undefined) bytes.writeBigInt64BE(BigInt(storeTimeMs), storeTimeAt)
      return bytes
    }
    // A broker leaves room for a filler after every message.
    if (at + place().length + 8 > fileBytes) {
      file().writeInt32BE(fileBytes - at, at)
      file().writeInt32BE(-875_286_124, at + 4)
      base += fileBytes
      at = 0
    }
    const bytes = place()
    bytes.copy(file(), at)
    at += bytes.length
  }
  file()
  return files
}

export const message = (s: number, queueOffset: number, more: Partial<Written> = {}): Written => ({
  topic: 'T',
  queueId: 0,
  queueOffset,
  body: encode('a', s, 100),
  properties: 'UNIQ_KEY\u0001x\u0002',
  ...more,
})
