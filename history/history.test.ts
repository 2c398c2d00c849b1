import { appendFileSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { throughJson, recordArbitrary } from './testing/arbitrary-record.ts'
import { EventLog, LaneFile } from './appender.ts'
import { readEvents, readLaneFile } from './reader.ts'
import { ConsumerRecord, LaneRecord, OutputRecord, ProducerRecord, ReaderRecord, roles } from './records.ts'
import { jsonSchema, schemaNames } from './schema.ts'
import { parseRecord } from './shapes.ts'

const schemas = { producer: ProducerRecord, consumer: ConsumerRecord, reader: ReaderRecord, output: OutputRecord }
const header = { lane: 'a', role: 'producer' as const, process: 'p', client: 'c' }
const file = () => join(mkdtempSync(join(tmpdir(), 'lossproof-history-')), 'x.jsonl')

function read(path: string): LaneRecord[] {
  const records: LaneRecord[] = []
  readLaneFile(
    path,
    () => {},
    record => records.push(record),
  )
  return records
}

test('what is appended is read back', () => {
  const path = file()
  const lane = new LaneFile(path, header)
  lane.append({ op: 'sent', s: 0, p: 1, t: 0.5 }, { op: 'acked', s: 0, p: 1, o: 7, t: 1.25 })
  lane.close()
  expect(read(path)).toEqual([
    { op: 'sent', s: 0, p: 1, t: 0.5 },
    { op: 'acked', s: 0, p: 1, o: 7, t: 1.25 },
  ])
})

test('the nodes of a fault are a list, also in files of earlier versions, which joined their names', () => {
  const path = file()
  const fault = { kind: 'fault', t: 1, id: 'crash-1', fault: 'crash', target: 'all' }
  const written = [
    { ...fault, nodes: ['broker-1', 'broker-2'] },
    { ...fault, node: 'broker-1, broker-2' },
    { ...fault, node: '' },
  ]
  writeFileSync(path, written.map(event => `${JSON.stringify(event)}\n`).join(''))
  expect(readEvents(path)).toEqual([
    { ...fault, nodes: ['broker-1', 'broker-2'] },
    { ...fault, nodes: ['broker-1', 'broker-2'] },
    { ...fault, nodes: [] },
  ])
  writeFileSync(path, `${JSON.stringify({ ...fault, node: 'broker-1', nodes: ['broker-1'] })}\n`)
  expect(() => readEvents(path)).toThrow(/:1: not an event/)
})

test('every record comes back from a file as it went in', () => {
  const right = recordArbitrary
    .map(({ role, value }) => ({ role, value: throughJson(value) }))
    .filter(({ role, value }) => schemas[role].safeParse(value).success)
  fc.assert(
    fc.property(fc.constantFrom(...roles), fc.array(right, { maxLength: 50 }), (role, found) => {
      // Time and the reader's ends are rules across lines, tested below.
      const records = found
        .filter(one => one.role === role)
        .map(({ value }) => LaneRecord.parse(value))
        .filter(record => record.op !== 'end')
        .toSorted((a, b) => a.t - b.t)
      const path = file()
      const lane = new LaneFile(path, { ...header, role })
      lane.append(...records)
      lane.close()
      expect(read(path)).toEqual(records)
    }),
  )
})

test('events come back with the time they were written at, which never runs backwards', () => {
  const path = file()
  const log = new EventLog(path)
  for (let at = 0; at < 100; at++) log.write({ kind: 'note', text: `${at} ü€\u2028` })
  log.close()
  const events = readEvents(path)
  expect(events.map(event => event.kind === 'note' && event.text)).toEqual(
    Array.from({ length: 100 }, (_, at) => `${at} ü€\u2028`),
  )
  for (const [at, { t }] of events.entries()) {
    expect(t).toBeGreaterThanOrEqual(events[at - 1]?.t ?? 0)
    expect(t).toBe(Math.round(t * 1000) / 1000)
  }
})

test('lines longer than one read, and characters cut by its edge, come back complete', () => {
  const path = file()
  const log = new EventLog(path)
  const long = 'ü'.repeat(1_500_000)
  log.write({ kind: 'note', text: long })
  log.write({ kind: 'note', text: 'x' })
  log.close()
  expect(readEvents(path).map(event => event.kind === 'note' && event.text)).toEqual([long, 'x'])
})

describe('JSON Schema for others', () => {
  test.each(schemaNames)('%s is exported and closed', name => {
    const schema = jsonSchema(name)
    expect(schema).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' })
    const forms = 'oneOf' in schema ? schema.oneOf : [schema]
    for (const form of Array.isArray(forms) ? forms : [])
      expect(form).toMatchObject({ type: 'object', additionalProperties: false })
  })
})

describe('malformed files are refused with file and line', () => {
  const lines = (...text: string[]) => {
    const path = file()
    writeFileSync(path, text.map(line => `${line}\n`).join(''))
    return path
  }
  const head = JSON.stringify(header)
  const sent = '{"op":"sent","s":0,"p":0,"t":1}'

  test('a torn last line is ignored', () => {
    const path = lines(head, sent)
    appendFileSync(path, '{"op":"acked","s":0,"p')
    expect(read(path)).toHaveLength(1)
  })

  test('a file without a header, of a process that was killed at once, is ignored', () => {
    for (const torn of ['', '{', head.slice(0, -1)]) {
      const path = file()
      writeFileSync(path, torn)
      expect(
        readLaneFile(
          path,
          () => {},
          () => {},
        ),
      ).toBeUndefined()
    }
  })

  test('an unfinished last line that is not the beginning of a record is refused, in lane files and events', () => {
    const path = lines(head, sent)
    appendFileSync(path, 'garbage')
    expect(() => read(path)).toThrow(/:3: not JSON/)
    const events = file()
    writeFileSync(events, '{"t":1,"kind":"note","text":"x"}\n{"t":2,"ki')
    expect(readEvents(events)).toHaveLength(1)
    appendFileSync(events, '\n')
    expect(() => readEvents(events)).toThrow(/:2: not an event/)
  })

  test.each([
    ['a torn line elsewhere', [head, '{"op":"sent","s":0', sent], /:2: not JSON/],
    ['no header', [sent], /:1: the first line is not a header/],
    ['a second header', [head, sent, head], /:3: a second header/],
    ['an unknown op', [head, '{"op":"sont","s":0,"p":0,"t":1}'], /:2: unknown op "sont"/],
    [
      "another role's record",
      [head, '{"op":"stored","s":0,"p":0,"o":1,"t":1}'],
      /:2: a reader's record "stored" in a producer's file/,
    ],
    ['a missing key', [head, '{"op":"sent","s":0,"t":1}'], /:2: "p" of sent is missing/],
    ['a key too many', [head, '{"op":"sent","s":0,"p":0,"t":1,"z":1}'], /:2: a key that sent does not have/],
    [
      'time running backwards',
      [head, '{"op":"sent","s":0,"p":0,"t":500}', '{"op":"sent","s":1,"p":0,"t":100}'],
      /:3: time runs backwards/,
    ],
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
  test('on valid records, and on records with one wrong key', () => {
    fc.assert(
      fc.property(recordArbitrary, ({ role, value }) => {
        const line = JSON.stringify(value)
        const byTable = typeof parseRecord(line, role) !== 'string'
        expect(byTable).toBe(schemas[role].safeParse(JSON.parse(line)).success)
      }),
      { numRuns: 2000 },
    )
  })

  test('about half of the generated records are valid', () => {
    const right = fc
      .sample(recordArbitrary, 500)
      .filter(({ role, value }) => schemas[role].safeParse(throughJson(value)).success)
    expect(right.length).toBeGreaterThan(100)
    expect(right.length).toBeLessThan(450)
  })
})
