import { appendFileSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { throughJson, recordArbitrary } from './arbitrary.ts'
import { LaneFile } from './appender.ts'
import { readLaneFile } from './reader.ts'
import { ConsumerRecord, ProducerRecord, ReaderRecord } from './records.ts'
import type { LaneRecord } from './records.ts'
import { parseRecord } from './shapes.ts'

const header = { lane: 'a', role: 'producer' as const, process: 'p', client: 'c' }
const file = () => join(mkdtempSync(join(tmpdir(), 'lossproof-history-')), 'x.jsonl')

function read(path: string): LaneRecord[] {
  const records: LaneRecord[] = []
  readLaneFile(path, () => {}, record => records.push(record))
  return records
}

test('what is appended is read back', () => {
  const path = file()
  const lane = new LaneFile(path, header)
  lane.append({ op: 'sent', s: 0, p: 1, t: 0.5 }, { op: 'acked', s: 0, p: 1, o: 7, t: 1.25 })
  lane.close()
  expect(read(path)).toEqual([{ op: 'sent', s: 0, p: 1, t: 0.5 }, { op: 'acked', s: 0, p: 1, o: 7, t: 1.25 }])
})

describe('nonsense is refused with file and line', () => {
  const lines = (...text: string[]) => {
    const path = file()
    writeFileSync(path, text.map(line => `${line}\n`).join(''))
    return path
  }
  const head = JSON.stringify(header)
  const sent = '{"op":"sent","s":0,"p":0,"t":1}'

  test('a torn last line is forgiven', () => {
    const path = lines(head, sent)
    appendFileSync(path, '{"op":"acked","s":0,"p')
    expect(read(path)).toHaveLength(1)
  })

  test.each([
    ['a torn line elsewhere', [head, '{"op":"sent","s":0', sent], /:2: not JSON/],
    ['no header', [sent], /:1: the first line is no header/],
    ['a second header', [head, sent, head], /:3: a second header/],
    ['an unknown op', [head, '{"op":"sont","s":0,"p":0,"t":1}'], /:2: unknown op "sont"/],
    ["another role's record", [head, '{"op":"stored","s":0,"p":0,"o":1,"t":1}'], /:2: a reader's record "stored" in a producer's file/],
    ['a missing key', [head, '{"op":"sent","s":0,"t":1}'], /:2: "p" of sent is missing/],
    ['a key too many', [head, '{"op":"sent","s":0,"p":0,"t":1,"z":1}'], /:2: a key that sent does not have/],
    ['time running backwards', [head, '{"op":"sent","s":0,"p":0,"t":500}', '{"op":"sent","s":1,"p":0,"t":100}'], /:3: time runs backwards/],
  ])('%s', (_, text, message) => {
    expect(() => read(lines(...text))).toThrow(message)
  })

  test('a record after its partition ended', () => {
    const reader = JSON.stringify({ ...header, role: 'reader' })
    const path = lines(reader, '{"op":"end","p":0,"o":0,"t":1}', '{"op":"stored","s":0,"p":0,"o":1,"t":2}')
    expect(() => read(path)).toThrow(/:3: a record of partition 0 after its end/)
  })
})

describe('the table of shapes agrees with the schema', () => {
  const schemas = { producer: ProducerRecord, consumer: ConsumerRecord, reader: ReaderRecord }

  test('on records, and on records with one key spoiled', () => {
    fc.assert(
      fc.property(recordArbitrary, ({ role, value }) => {
        const line = JSON.stringify(value)
        const byTable = typeof parseRecord(line, role) !== 'string'
        expect(byTable).toBe(schemas[role].safeParse(JSON.parse(line)).success)
      }),
      { numRuns: 2000 },
    )
  })

  test('half of what is generated is right, so that the property above says something', () => {
    const right = fc.sample(recordArbitrary, 500).filter(({ role, value }) => schemas[role].safeParse(throughJson(value)).success)
    expect(right.length).toBeGreaterThan(100)
    expect(right.length).toBeLessThan(450)
  })
})
