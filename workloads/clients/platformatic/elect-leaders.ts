/**
 * The request ElectLeaders, version 2 (KIP-460), which @platformatic/kafka lacks: elects the preferred
 * leaders of partitions.
 */
import { createAPI, ResponseError, Writer } from '@platformatic/kafka'
import type { Reader } from '@platformatic/kafka'

const apiKey = 43
const apiVersion = 2
const preferred = 0
/** The preferred replica is the leader already. */
const electionNotNeeded = 84

export const electLeaders = createAPI(apiKey, apiVersion, createRequest, parseResponse)

/** `partitions`: their numbers, by topic. */
function createRequest(partitions: ReadonlyMap<string, readonly number[]>, timeoutMs: number): Writer {
  return Writer.create()
    .appendInt8(preferred)
    .appendArray([...partitions], (writer, [name, numbers]) => {
      writer.appendString(name).appendArray(
        [...numbers],
        (list, p) => {
          list.appendInt32(p)
        },
        true,
        false,
      )
    })
    .appendInt32(timeoutMs)
    .appendTaggedFields()
}

function parseResponse(_correlationId: number, key: number, version: number, reader: Reader): { elected: number[] } {
  const errors: Record<string, [number, string | null]> = {}
  const elected: number[] = []
  reader.readInt32()
  const requestError = reader.readInt16()
  if (requestError !== 0) errors[''] = [requestError, null]
  reader.readArray(topic => {
    const name = topic.readString()
    topic.readArray(partition => {
      const p = partition.readInt32()
      const code = partition.readInt16()
      const message = partition.readNullableString()
      if (code === 0 || code === electionNotNeeded) elected.push(p)
      else errors[`${name}-${p}`] = [code, message]
    })
  })
  const response = { elected }
  if (Object.keys(errors).length > 0) throw new ResponseError(key, version, errors, response)
  return response
}
