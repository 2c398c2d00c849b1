/** JSON Schema of the files of a history, made from the zod schemas that the harness parses with. */
import { z } from 'zod'
import { TrialEvent } from './events.ts'
import { ConsumerRecord, LaneHeader, OutputRecord, ProducerRecord, ReaderRecord } from './records.ts'
import { RunFile } from './run-file.ts'

/** One schema for each kind of line or file. Records of lane files have one for each role that may write them. */
const documents = {
  'lane-header': LaneHeader,
  'producer-record': ProducerRecord,
  'consumer-record': ConsumerRecord,
  'reader-record': ReaderRecord,
  'output-record': OutputRecord,
  'trial-event': TrialEvent,
  run: RunFile,
} as const

export type SchemaName = keyof typeof documents
export const schemaNames: readonly SchemaName[] = [
  'lane-header',
  'producer-record',
  'consumer-record',
  'reader-record',
  'output-record',
  'trial-event',
  'run',
]

/** JSON Schema, draft 2020-12. */
export function jsonSchema(name: SchemaName): object {
  return z.toJSONSchema(documents[name], { target: 'draft-2020-12' })
}
