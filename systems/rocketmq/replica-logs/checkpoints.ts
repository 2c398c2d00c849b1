/** The small files beside a broker's commit log. */
import { crc32 } from 'node:zlib'

export interface StoreCheckpoint {
  /** Store time of the newest message that is surely synced, ms. */
  physicMsgTimestamp: number
  /** Version 5: how far the master had synced, and the group had confirmed, bytes; 0 where it is not known. */
  masterFlushedOffset: number
  confirmPhyOffset: number
}

const places = { physicMsgTimestamp: 0, masterFlushedOffset: 24, confirmPhyOffset: 32 } as const

/**
 * `checkpoint`: eight bytes for each value, as StoreCheckpoint of 5.5.0 writes them. Version 4 writes the first three, and
 * zeros behind them. Undefined for a file that is too short.
 */
export function readCheckpoint(bytes: Buffer): StoreCheckpoint | undefined {
  if (bytes.length < places.confirmPhyOffset + 8) return undefined
  const at = (place: number) => Number(bytes.readBigInt64BE(place))
  return {
    physicMsgTimestamp: at(places.physicMsgTimestamp),
    masterFlushedOffset: at(places.masterFlushedOffset),
    confirmPhyOffset: at(places.confirmPhyOffset),
  }
}

/**
 * `epochFileCheckpoint` of controller mode: number of entries, their CRC-32, then for each master epoch the byte of the log at
 * which it begins. A checksum of 0 is not checked. Undefined for text of another form or with a wrong checksum.
 */
export function readMasterEpochs(text: string): [epoch: number, physicalOffset: number][] | undefined {
  const [count, crc, ...lines] = text.trim().split('\n')
  if (lines.length !== Number(count) || lines.some(line => !/^\d+-\d+$/.test(line))) return undefined
  if (Number(crc) !== 0 && Number(crc) !== (crc32(lines.map(line => `${line}\n`).join('')) & 0x7fff_ffff))
    return undefined
  return lines.map(line => {
    const [epoch = 0, offset = 0] = line.split('-').map(Number)
    return [epoch, offset]
  })
}
