/** JSON Schema of what a history holds, made from the zod schemas that the harness itself parses with. */
import { z } from 'zod'
import { TrialEvent } from './events.ts'
import { ConsumerRecord, LaneHeader, ProducerRecord, ReaderRecord } from './records.ts'
import { RunFile } from './run-file.ts'

/** One schema for each kind of line or file; `lane` records are split by the role that may write them. */
const documents = {
  'lane-header': LaneHeader,
  'producer-record': ProducerRecord,
  'consumer-record': ConsumerRecord,
  'reader-record': ReaderRecord,
  'trial-event': TrialEvent,
  run: RunFile,
} as const

export type SchemaName = keyof typeof documents
export const schemaNames: readonly SchemaName[] = [
  'lane-header',
  'producer-record',
  'consumer-record',
  'reader-record',
  'trial-event',
  'run',
]

/** JSON Schema, draft 2020-12. */
export function jsonSchema(name: SchemaName): object {
  return z.toJSONSchema(documents[name], { target: 'draft-2020-12' })
}
