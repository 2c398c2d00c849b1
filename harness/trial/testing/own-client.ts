/** For tests: a client process whose command is a script for Node. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readLaneFile } from '../../../history/reader.ts'
import type { LaneRecord } from '../../../history/records.ts'
import { handling } from '../../../model/testing/handling.ts'
import { asText } from '../../../workloads/clients/command/words.ts'
import type { ProcessConfig } from '../../../workloads/messages.ts'
import { ownClient } from '../clients/own/start-own.ts'
import { ClientProcess } from '../clients/process.ts'

export const t0 = String(process.hrtime.bigint())
export const janitor = { watch: () => {} }
/** The beginning of a script: functions to print records and to take commands. */
export const ready = `const say = line => process.stdout.write(JSON.stringify(line) + '\\n')
say({ op: 'ready' })
process.stdin.setEncoding('utf8')
const orders = handlers => process.stdin.on('data', text => text.trim().split('\\n').forEach(word => handlers[word]?.()))
const send = s => { say({ op: 'sent', s, p: 0 }); say({ op: 'acked', s, p: 0, o: s }) }
`

/** `own`: settings under `client:`. */
export function clientOf(script: string, role: 'producer' | 'consumer' = 'producer', own: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'lossproof-own-'))
  const file = join(folder, 'lane', 'client-1.jsonl')
  const shared = {
    lane: 'a',
    file,
    client: 'command',
    bootstrap: ['127.0.0.1:1'],
    clientId: 'a',
    topic: 'topic-a',
    settings: { acks: 1 },
    clientSettings: { command: asText([process.execPath, '-e', script]), folder, ...own },
    stores: join(folder, 'stores'),
  }
  const config: ProcessConfig =
    role === 'producer'
      ? {
          role,
          process: 'client-1',
          t0,
          lanes: [
            {
              ...shared,
              partitions: 1,
              firstNumber: 0,
              workload: { ratePerSec: 100, sizeBytes: 100, batch: 1, spread: false, maxInFlight: 10 },
              sending: { attempts: 1, backoffMs: 0, spool: 'none', ackedWhen: ['SEND_OK'] },
            },
          ],
        }
      : {
          role,
          process: 'client-1',
          t0,
          lanes: [
            {
              ...shared,
              group: 'g',
              payload: 'lossproof',
              folder,
              handling,
            },
          ],
        }
  const transport = ownClient(config, { janitor, host: {} as never, folder })
  const client = new ClientProcess(config, transport, new AbortController().signal)
  return { client, transport, file, folder, records: () => recordsIn(file) }
}

function recordsIn(file: string): LaneRecord[] {
  const records: LaneRecord[] = []
  readLaneFile(
    file,
    () => {},
    record => records.push({ ...record }),
  )
  return records
}
