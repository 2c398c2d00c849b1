/** The small files beside a broker's commit log. */
import { crc32 } from 'node:zlib'

export interface StoreCheckpoint {
  /** Store time of the newest message that is known to be synced, ms. */
  physicMsgTimestamp: number
  /** 5.x: how far the master had synced, and how far the group had confirmed, bytes; 0 where nobody has told. */
  masterFlushedOffset: number
  confirmPhyOffset: number
}

const places = { physicMsgTimestamp: 0, masterFlushedOffset: 24, confirmPhyOffset: 32 } as const

/** `checkpoint`: eight bytes each. Read in the class of 5.5.0 that writes it; 4.x has the first three, and zeros behind them. Undefined for what is too short. */
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
 * `epochFileCheckpoint`, of controller mode: how many entries, their CRC-32, then of each master epoch the byte of the log
 * with which it begins. A checksum of 0 is none. Undefined for what has not that form, or another checksum.
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
