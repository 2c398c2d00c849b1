/** The plain script for comparison: parses every line into Maps, then counts acknowledged messages that are not stored. */
import { createReadStream, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { trialPaths } from '../history/folder.ts'
import { printMeasured } from './measured.ts'

await printMeasured(async () => {
  const { lanes } = trialPaths(process.argv[2] ?? '', 't')
  const sent = new Map<number, unknown>()
  const acked = new Map<number, unknown>()
  const stored = new Map<number, unknown>()
  for (const name of readdirSync(lanes, { recursive: true, encoding: 'utf8' }).filter(file =>
    file.endsWith('.jsonl'),
  )) {
    for await (const line of createInterface({ input: createReadStream(join(lanes, name)) })) {
      const record = JSON.parse(line)
      if (record.op === 'sent') sent.set(record.s, record)
      if (record.op === 'acked') acked.set(record.s, record)
      if (record.op === 'stored') stored.set(record.s, record)
    }
  }
  return { lost: [...acked.keys()].filter(s => !stored.has(s)).length, verdict: sent.size > 0 ? '-' : 'nothing sent' }
})
