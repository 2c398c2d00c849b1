import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseProperties } from './properties.ts'

const pairs = (text: string) => parseProperties(text).properties.map(({ key, value }) => [key, value])

describe('properties', () => {
  // Expected values were printed by java.util.Properties.load() of Java 17 for the same text.
  it.each<[string, string, [string, string][]]>([
    ['a plain line', 'acks=all', [['acks', 'all']]],
    ['white space around the separator', '  acks = all ', [['acks', 'all ']]],
    ['a colon', 'acks: all', [['acks', 'all']]],
    ['white space as the separator', 'acks all', [['acks', 'all']]],
    ['a second separator, which belongs to the value', 'a==b:c', [['a', '=b:c']]],
    ['an escaped separator in the key', 'a\\=b=c', [['a=b', 'c']]],
    ['comments of both kinds', '# x=1\n! y=2\n  # z=3\na=b', [['a', 'b']]],
    ['blank lines', '\n\n \t\na=b\n', [['a', 'b']]],
    [
      'a key without a value',
      'a\nb=',
      [
        ['a', ''],
        ['b', ''],
      ],
    ],
    ['a continuation line', 'a=b,\\\n   c,\\\r\n   d', [['a', 'b,c,d']]],
    [
      'an escaped backslash, which does not continue the line',
      'a=b\\\\\nc=d',
      [
        ['a', 'b\\'],
        ['c', 'd'],
      ],
    ],
    ['a comment character on a continuation line', 'a=b\\\n#c', [['a', 'b#c']]],
    ['a comment after a line that holds only a backslash', '\\\n#a=b\nc=d', [['c', 'd']]],
    ['escapes', 'a=x\\ty\\nz\\u00e4\\q', [['a', 'x\ty\nzäq']]],
    [
      'CRLF and CR line ends',
      'a=1\r\nb=2\rc=3',
      [
        ['a', '1'],
        ['b', '2'],
        ['c', '3'],
      ],
    ],
    [
      'a key that occurs twice',
      'a=1\na=2',
      [
        ['a', '1'],
        ['a', '2'],
      ],
    ],
    ['a path with backslashes', 'dir=C:\\temp', [['dir', 'C:\temp']]],
  ])('reads %s', (_, text, expected) => {
    expect(pairs(text)).toEqual(expected)
  })

  it('reports the line on which each key begins', () => {
    const { properties } = parseProperties('# comment\na=1\n\nb=2,\\\n  3\nc=4')
    expect(properties.map(({ key, line }) => [key, line])).toEqual([
      ['a', 2],
      ['b', 4],
      ['c', 6],
    ])
  })

  it('reports a malformed unicode escape with its line', () => {
    expect(parseProperties('a=1\nb=\\u12x4').broken).toEqual([
      { line: 2, message: 'expected four hexadecimal digits after \\u' },
    ])
  })

  it('reads every key and value that were escaped as Java escapes them', () => {
    const escape = (text: string, isKey: boolean) =>
      Array.from(text)
        .map((char, at) => {
          if (char === ' ') return isKey || at === 0 ? '\\ ' : ' '
          if ('\\=:#!'.includes(char)) return `\\${char}`
          const named = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\f': '\\f' }[char]
          return named ?? char
        })
        .join('')
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ minLength: 1 }), fc.string())), entries => {
        const text = entries.map(([key, value]) => `${escape(key, true)} = ${escape(value, false)}`).join('\n')
        expect(pairs(text)).toEqual(entries)
      }),
    )
  })

  it('reads any text without an exception', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '=', ':', '\\', '\n', '\r', '#', ' ', 'u', '0') }), text => {
        expect(() => parseProperties(text)).not.toThrow()
      }),
    )
  })
})
