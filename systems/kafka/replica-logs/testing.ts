/** For tests: log segments as brokers have them, from the batches of a client library, which is not ours. */
import { createRecordsBatch } from '@platformatic/kafka'
import { encode, encodeFence } from '../../../workloads/payload.ts'

const epochAt = 12

export interface Batch {
  offset: number
  epoch?: number
  values: readonly Buffer[]
  compression?: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'
}

/** What a broker does to a producer's batch before it appends it: neither field is under the checksum. */
export function batch({ offset, epoch = 0, values, compression = 'none' }: Batch): Buffer {
  const written = createRecordsBatch(
    values.map(value => ({
      key: Buffer.from('k'),
      value,
      topic: 't',
      headers: new Map([[Buffer.from('h'), Buffer.from('v')]]),
    })),
    { compression },
  )
  const bytes = Buffer.from(written.buffer)
  bytes.writeBigInt64BE(BigInt(offset), 0)
  bytes.writeInt32BE(epoch, epochAt)
  return bytes
}

export const message = (s: number, lane = 'a'): Buffer => encode(lane, s, 100)
export const fence = (lane = 'a'): Buffer => encodeFence(lane, 'nonce')
