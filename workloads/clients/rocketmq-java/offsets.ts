/** The file in which the client keeps the progress of a broadcasting consumer. */
import { join } from 'node:path'

export interface KeptOffset {
  topic: string
  brokerName: string
  queueId: number
  /** The next offset to read. */
  offset: number
}

/** The client uses one folder per process, for all its lanes. `stores`: folder of one lane's local stores. */
export const offsetsFolder = (stores: string) => join(stores, '../..', 'broadcasting')
export const offsetsFile = 'offsets.json'

const entry =
  /\{"brokerName":"(?<brokerName>[^"]+)","queueId":(?<queueId>\d+),"topic":"(?<topic>[^"]+)"\}:(?<offset>\d+)/g

/** LocalFileOffsetStore writes objects as keys, so the file is not valid JSON. */
export function parseOffsets(text: string): KeptOffset[] {
  return [...text.replaceAll(/\s/g, '').matchAll(entry)].map(({ groups }) => ({
    topic: groups?.['topic'] ?? '',
    brokerName: groups?.['brokerName'] ?? '',
    queueId: Number(groups?.['queueId']),
    offset: Number(groups?.['offset']),
  }))
}
