/** A program of the user's that lies is judged by what the log holds. */
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import type { ReaderRecord } from '../../history/records.ts'
import { checkLaneFolder } from '../cli/judging/lane-folder.ts'
import { clientOf, ready } from '../trial/testing/own-client.ts'

/** Lets the program run until it has handled `count` messages, and adds a final log with the messages in `stored`. */
async function judge(script: string, role: 'producer' | 'consumer', count: number, stored: number[]) {
  const { client, file } = clientOf(`${ready}\n${script}`, role)
  await client.start()
  client.resume()
  const handled = () => client.lane('a')?.[role === 'producer' ? 'acked' : 'processed']
  await expect.poll(handled, { timeout: 10_000, interval: 5 }).toBe(count)
  await client.stop(5000)
  const t = Number.MAX_SAFE_INTEGER / 1000
  const records: ReaderRecord[] = [
    { op: 'start', p: 0, o: 0, t },
    ...stored.map((s, o): ReaderRecord => ({ op: 'stored', s, p: 0, o, t })),
    { op: 'end', p: 0, o: stored.length, t },
  ]
  const lines = [{ lane: 'a', role: 'reader', process: 'reader-1', client: 'test' }, ...records]
  writeFileSync(join(dirname(file), 'reader-1.jsonl'), lines.map(line => `${JSON.stringify(line)}\n`).join(''))
  return checkLaneFolder(dirname(file)).counts
}

const stop = 'stop: () => process.exit(0)'

test('an acknowledgement for a message that is not stored is a loss', async () => {
  const script = `orders({ resume: () => [0, 1, 2].forEach(send), ${stop} })`
  expect(await judge(script, 'producer', 3, [0, 1, 2])).toMatchObject({ acked: 3, stored: 3, lost: 0 })
  expect(await judge(script, 'producer', 3, [0, 1])).toMatchObject({ acked: 3, stored: 2, lost: 1 })
})

test('a message that is stored and was not printed as sent is unexpected', async () => {
  const script = `orders({ resume: () => [0, 1].forEach(send), ${stop} })`
  expect(await judge(script, 'producer', 2, [0, 1, 2])).toMatchObject({ unexpected: 1 })
})

test('processing a message that was not received is a phantom', async () => {
  const script = `say({ op: 'processed', s: 5, p: 0, o: 5 }); orders({ ${stop} })`
  expect(await judge(script, 'consumer', 1, [])).toMatchObject({ phantom: 1, processed: 0 })
})
