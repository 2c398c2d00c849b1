import fc from 'fast-check'
import { stringify } from 'yaml'
import { describe, expect, it } from 'vitest'
import { documentsOf, formatOf } from './documents.ts'
import { yamlDocuments } from './yaml.ts'

const leaves = (text: string) =>
  yamlDocuments('x.yaml', text).map(found => found.map(({ path, value, line }) => [path.join('.'), value, line]))

describe('leaves of YAML', () => {
  it('have their keys, their value and their line', () => {
    expect(leaves('a: 1\nb:\n  - x\n  - y: true\nc:\nd: {e: null, f: "7"}\n')).toEqual([
      [
        ['a', 1, 1],
        ['b.0', 'x', 3],
        ['b.1.y', true, 4],
        ['c', null, 5],
        ['d.e', null, 6],
        ['d.f', '7', 6],
      ],
    ])
  })

  it('keep the digits of whole numbers that JavaScript would round', () => {
    expect(leaves('a: 9223372036854775807\nb: 9007199254740991\n')).toEqual([
      [
        ['a', '9223372036854775807', 1],
        ['b', 9007199254740991, 2],
      ],
    ])
  })

  it('are refused where aliases multiply what has no leaves, or a merge key contains itself', () => {
    const letters = 'abcdefgh'.split('')
    const bomb = letters.map((name, at) => {
      const inside = at === 0 ? '[]' : `*${letters[at - 1] ?? ''}`
      return `${name}: &${name} [${Array.from({ length: 10 }, () => inside).join(', ')}]`
    })
    expect(() => leaves(bomb.join('\n'))).toThrow(/^x\.yaml:\d+: more than 50000 nodes/)
    expect(() => leaves('a: &a\n  <<: *a\n')).toThrow('x.yaml:2: a merge key (<<) contains itself')
    expect(() => leaves('a: &a\n  <<: [*a]\n')).toThrow('x.yaml:2: a merge key (<<) contains itself')
  })

  it('of several documents are kept apart', () => {
    expect(leaves('a: 1\n---\nb: 2\n')).toEqual([[['a', 1, 1]], [['b', 2, 3]]])
  })

  it('of aliases and merge keys are those of the anchor, and keys of the map itself win', () => {
    expect(leaves('x: &x {a: 1, b: 2}\ny: *x\nz:\n  <<: *x\n  b: 3\nw: { <<: [*x, {a: 9, c: 4}] }')).toEqual([
      [
        ['x.a', 1, 1],
        ['x.b', 2, 1],
        ['y.a', 1, 1],
        ['y.b', 2, 1],
        ['z.a', 1, 1],
        ['z.b', 3, 5],
        ['w.a', 1, 1],
        ['w.c', 4, 6],
        ['w.b', 2, 1],
      ],
    ])
  })

  it('are limited in number', () => {
    const list = Array.from({ length: 5100 }, (_, at) => `- ${at}`).join('\n')
    expect(() => yamlDocuments('x.yaml', `a:\n${list.replaceAll('-', '  -')}`)).toThrow(/more than 5000 values/)
  })

  it('are limited when aliases multiply', () => {
    const bomb = [
      'a: &a [1,1,1,1,1,1,1,1,1,1]',
      ...'bcdefgh'
        .split('')
        .map((name, at) => `${name}: &${name} [${Array.from({ length: 10 }, () => `*${'abcdefg'[at]}`).join(',')}]`),
    ].join('\n')
    expect(() => yamlDocuments('x.yaml', bomb)).toThrow(/more than 5000 values|Excessive alias count/)
  })

  it('hold every value of a map of texts and numbers', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9.]{0,10}$/)
    fc.assert(
      fc.property(fc.dictionary(name, fc.oneof(fc.integer(), fc.boolean(), fc.string())), map => {
        const found = yamlDocuments('x.yaml', stringify(map)).flat()
        expect(Object.fromEntries(found.map(({ path, value }) => [path.join('.'), value]))).toEqual({ ...map })
      }),
    )
  })
})

describe('the format of a text', () => {
  it.each<[string, string]>([
    ['acks=all', 'properties'],
    ['# comment\nacks = all', 'properties'],
    ['acks all', 'properties'],
    ['acks:all', 'properties'],
    ['acks: all', 'yaml'],
    ['# comment\n\nspring:\n  kafka:', 'yaml'],
    ['---\na: 1', 'yaml'],
    ['"quoted key": 1', 'yaml'],
    ['{"acks": 1}', 'json'],
    ['\n [1]', 'json'],
    ['brokerName=a\nlisteners: x', 'properties'],
  ])('of %j is %s', (text, format) => {
    expect(formatOf(text)).toBe(format)
  })

  it('JSON with tabs is read as JSON', () => {
    expect(documentsOf({ name: 'x.json', text: '{\n\t"acks": 1\n}' })[0]?.leaves).toEqual([
      { path: ['acks'], value: 1, line: 2 },
    ])
  })
})
