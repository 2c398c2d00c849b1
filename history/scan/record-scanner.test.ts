import { appendFileSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { recordArbitrary, throughJson } from '../testing/arbitrary-record.ts'
import { Line } from '../line.ts'
import { readLaneFile } from '../reader.ts'
import { ConsumerRecord, OutputRecord, ProducerRecord, ReaderRecord, roles } from '../records.ts'
import type { LaneHeader } from '../records.ts'
import { scanLaneFile } from './scan-lane-file.ts'
import { paddingBytes, RecordScanner } from './record-scanner.ts'
import { parseRecord } from '../shapes.ts'

const schemas = { producer: ProducerRecord, consumer: ConsumerRecord, reader: ReaderRecord, output: OutputRecord }
const runs = Number(process.env['LOSSPROOF_RUNS'] ?? 2000)
const folder = mkdtempSync(join(tmpdir(), 'lossproof-scan-'))

/** What the scanner makes of a line, or undefined where it leaves it to JSON.parse. */
function scan(text: string, role: LaneHeader['role']): Line | undefined {
  const line = new Line()
  const bytes = Buffer.from(`${text}\n`)
  const scanner = new RecordScanner(role)
  scanner.use(Buffer.concat([bytes], bytes.length + paddingBytes))
  const next = scanner.scan(0, line)
  if (next < 0) return undefined
  expect(next).toBe(bytes.length)
  return line
}

/** How JSON may write the same value otherwise. */
const spellings: Record<string, (text: string) => string> = {
  plain: text => text,
  spaced: text => text.replaceAll(',"', ', "'),
  'op last': text => text.replace(/^\{("op":"[^"]*"),(.*)\}$/, '{$2,$1}'),
  'keys twice': text => text.replace(/}$/, ',"t":7}'),
  exponents: text => text.replaceAll(/:(\d+)([,}])/g, ':$1e0$2'),
  escapes: text =>
    text.replaceAll(/"c":"([a-z])/g, (_, letter: string) => `"c":"\\u00${letter.codePointAt(0)?.toString(16)}`),
  'fractions of zero': text => text.replaceAll(/:(\d+)([,}])/g, ':$1.0$2'),
  'leading zeros': text => text.replaceAll(/:(\d)/g, ':0$1'),
  'long numbers': text => text.replaceAll(/:(\d+)([,}])/g, ':$1000000000000$2'),
  minus: text => text.replaceAll(/:(\d)/g, ':-$1'),
  torn: text => text.slice(0, -3),
  'with more behind': text => `${text}}`,
}

describe('the scanner agrees with JSON.parse and the schema', () => {
  test('on every line that it takes: valid and invalid records, in any spelling and order of keys', () => {
    let taken = 0
    fc.assert(
      fc.property(
        recordArbitrary,
        fc.constantFrom(...Object.keys(spellings)),
        fc.constantFrom(...roles),
        fc.boolean(),
        fc.nat(),
        (found, spelling, other, foreign, turn) => {
          const role = foreign ? other : found.role
          const { op, ...rest } = found.value as Record<string, unknown>
          const keys = Object.entries(rest)
          const turned = { op, ...Object.fromEntries([...keys.slice(turn % 7), ...keys.slice(0, turn % 7)]) }
          const text = spellings[spelling]?.(JSON.stringify(turned)) ?? ''
          const line = scan(text, role)
          if (line === undefined) return
          taken += 1
          const record = parseRecord(text, role)
          if (typeof record === 'string') throw new Error(`took ${text}, of which the schema says ${record}`)
          expect(schemas[role].safeParse(JSON.parse(text)).success).toBe(true)
          expect(line).toEqual(new Line().takeOver(record))
        },
      ),
      { numRuns: runs * 3 },
    )
    // Some one in thirty of these is plain enough to be taken: by far fewer the test would say nothing.
    expect(taken).toBeGreaterThan(runs / 20)
  })

  test('it takes every record that the harness writes: times in microseconds, codes without escapes', () => {
    fc.assert(
      fc.property(recordArbitrary, fc.integer({ min: 0, max: 1e12 }), ({ role, value }, microseconds) => {
        const found = {
          ...value,
          ...('t' in value ? { t: microseconds / 1000 } : {}),
          ...('d' in value ? { d: microseconds / 1000 } : {}),
        }
        const text = JSON.stringify(found)
        if (schemas[role].safeParse(throughJson(found)).success && !text.includes('\\'))
          expect(scan(text, role)).toBeDefined()
      }),
      { numRuns: runs },
    )
  })

  test.each([
    '0',
    '0.5',
    '1.25',
    '9007199254740991',
    '4503599627370496.5',
    '0.001',
    '123456.789',
    '99999999999.999',
    '0.1',
    '5e-324',
    '1e308',
    '1.7976931348623157e308',
    '0.30000000000000004',
  ])('t = %s', text => {
    const line = `{"op":"sent","s":1,"p":0,"t":${text}}`
    expect((scan(line, 'producer') ?? new Line().takeOver({ op: 'sent', s: 1, p: 0, t: JSON.parse(line).t })).t).toBe(
      Number(text),
    )
  })

  test.each([
    '9007199254740992',
    '9007199254740993',
    '99999999999999999999',
    '1.5',
    '01',
    '-1',
    '',
    '.',
    '1.',
    '+1',
    'NaN',
    'null',
    '"1"',
    'true',
    '0x1',
    '1_0',
  ])('s = %s is not taken', text => {
    expect(scan(`{"op":"sent","s":${text},"p":0,"t":1}`, 'producer')).toBeUndefined()
  })

  test('times with a fraction are exact to the last bit', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e12, noNaN: true }), fc.integer({ min: 0, max: 12 }), (t, digits) => {
        const text = t.toFixed(digits)
        const line = scan(`{"op":"end","p":0,"o":0,"t":${text}}`, 'reader')
        if (line) expect(line.t).toBe(Number(text))
      }),
      { numRuns: runs },
    )
  })
})

describe('both readers agree on a file', () => {
  const header = (role: LaneHeader['role']) => JSON.stringify({ lane: 'a', role, process: 'p', client: 'c' })
  let files = 0
  const file = (text: string): string => {
    const path = join(folder, `${(files += 1)}.jsonl`)
    writeFileSync(path, text)
    return path
  }
  const filled = (line: Line): Line => Object.assign(new Line(), line)
  /** Lines, or the words of the refusal. */
  const outcome = (read: (onLine: (line: Line) => void) => void): unknown => {
    const lines: Line[] = []
    try {
      read(line => lines.push(filled(line)))
      return lines
    } catch (error) {
      return error instanceof Error ? error.message : error
    }
  }
  const scanned = (path: string) =>
    outcome(take =>
      scanLaneFile(
        path,
        () => {},
        line => {
          take(line)
          return undefined
        },
      ),
    )
  const read = (path: string) =>
    outcome(take =>
      readLaneFile(
        path,
        () => {},
        record => take(new Line().takeOver(record)),
      ),
    )

  test('whatever its lines are: valid, invalid or torn, with the same error messages', () => {
    const anyLine = fc.oneof(
      {
        weight: 6,
        arbitrary: fc
          .tuple(recordArbitrary, fc.constantFrom(...Object.values(spellings)))
          .map(([{ value }, spell]) => spell(JSON.stringify(value))),
      },
      { weight: 1, arbitrary: fc.constantFrom('', '{}', 'x', header('producer'), '{"op":"sent"', '\u{1F600}') },
    )
    const whole = fc
      .tuple(
        fc.constantFrom(...roles),
        fc.array(anyLine, { maxLength: 8 }),
        fc.constantFrom('\n', '', '\n{"op":', '\ngarbage', '\n{'),
      )
      .map(([role, lines, end]) => [header(role), ...lines].join('\n') + end)
    fc.assert(
      fc.property(whole, text => {
        const path = file(text)
        expect(scanned(path)).toEqual(read(path))
      }),
      { numRuns: 300 },
    )
  }, 60_000)

  test('lines across the edges of blocks, and lines longer than a block, are read completely', () => {
    const long = `{"op":"rejected","s":1,"t":3,"c":"${'ü'.repeat(1_300_000)}"}`
    const many = Array.from({ length: 60_000 }, (_, s) => `{"op":"sent","s":${s},"p":${s % 3},"t":${s + 0.25}}`)
    const path = file(
      [
        header('producer'),
        '{"op":"sent","s":1,"p":0,"t":2}',
        long,
        ...many,
        long.replace('"t":3', '"t":60001'),
        '',
      ].join('\n'),
    )
    const lines = scanned(path)
    expect(Array.isArray(lines) && lines.length).toBe(60_003)
    expect(lines).toEqual(read(path))
  }, 60_000)

  test('a torn last line is ignored, a torn line elsewhere refused; a file without a header is ignored', () => {
    const path = file(`${header('producer')}\n{"op":"sent","s":0,"p":0,"t":1}\n`)
    appendFileSync(path, '{"op":"acked","s":0,"p')
    expect(scanned(path)).toHaveLength(1)
    appendFileSync(path, '\n{"op":"acked","s":0,"t":2}\n')
    expect(scanned(path)).toMatch(/:3: not JSON$/)
    for (const torn of ['', '{', header('producer').slice(0, -1)]) expect(scanned(file(torn))).toEqual([])
  })
})
