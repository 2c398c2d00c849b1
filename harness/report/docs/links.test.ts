import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { anchorOf } from '../site/anchors.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const pages = [
  ...readdirSync(root).filter(name => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'))
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name}`),
]
const text = (page: string) => readFileSync(join(root, page), 'utf8')

const anchorsOf = (page: string) => [
  ...[...text(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading)),
  ...[...text(page).matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id),
]

describe('links of the documentation', () => {
  test.each(pages)('%s links to files and headings that exist', page => {
    const broken = [...text(page).matchAll(/\]\((?!https?:)([^)\s#]*)(?:#([^)\s]+))?\)/g)].flatMap(
      ([link, file = '', heading]) => {
        const path = file === '' ? page : join(dirname(page), file)
        if (!existsSync(join(root, path))) return [link]
        return heading === undefined || anchorsOf(path).includes(heading) ? [] : [link]
      },
    )
    expect(broken).toEqual([])
  })

  test.each(pages)('%s has no rows of a table without a heading', page => {
    const code = /^```[^]*?^```/gm
    const tables = [...text(page).replaceAll(code, '').matchAll(/(?:^\|.*\n)+/gm)].map(([rows]) => rows.split('\n'))
    expect(tables.flatMap(([, second = ''], at) => (/^\|[ :|-]+$/.test(second) ? [] : [tables[at]?.[0]]))).toEqual([])
  })

  test('every page is in the index', () => {
    const index = text('docs/README.md')
    const missing = pages.filter(page => page.startsWith('docs/') && !index.includes(`](${page.slice('docs/'.length)})`))
    expect(missing).toEqual(['docs/README.md'])
  })

  test('the README stays short', () => {
    expect(text('README.md').split('\n').length).toBeLessThanOrEqual(221)
  })
})
