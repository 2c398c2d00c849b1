/** Log segments for tests, from batches that a client library encoded. */
import { createRecordsBatch } from '@platformatic/kafka'
import { encode, encodeFence } from '../../../workloads/payload.ts'

const epochAt = 12

export interface Batch {
  offset: number
  epoch?: number
  values: readonly Buffer[]
  compression?: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'
}

/** Sets the fields that a broker sets before it appends a producer's batch. The checksum covers neither. */
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
