import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { projectPages, writeSite } from '../../cli/reporting/site.ts'
import { addressOf, linkOf } from './addresses.ts'
import { renderPage } from './markdown.ts'
import { navigationOf } from './navigation.ts'
import { siteFiles } from './site.ts'

const pages = projectPages()
const files = siteFiles({ pages })
const htmlFiles = [...files].filter(([path]) => path.endsWith('.html'))
const idsOf = (html: string) => new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => decoded(id)))
const decoded = (text: string) => text.replaceAll('&amp;', '&').replaceAll('&quot;', '"')
const ids = new Map(htmlFiles.map(([path, html]) => [path, idsOf(html)]))
const docs = fileURLToPath(new URL('../../../docs/', import.meta.url))

/** Links and pictures that lead nowhere. */
function dead(path: string, html: string): string[] {
  const links = [...html.matchAll(/ href="([^"]*)"/g)].map(([, href = '']) => decoded(href))
  const pictures = [...html.matchAll(/<img src="([^"]*)"/g)].map(([, src = '']) => decoded(src))
  return [
    ...links.filter(href => {
      if (/^(https?|mailto|data):/.test(href) || href.startsWith('assets/')) return false
      const [file = '', anchor] = href.split('#')
      const target = ids.get(file === '' ? path : file)
      return target === undefined || (anchor !== undefined && !target.has(decodeURIComponent(anchor)))
    }),
    ...pictures.filter(src => !src.startsWith('pictures/') || !existsSync(`${docs}${src}`)),
  ]
}

describe('the documentation as a site', () => {
  test.each(htmlFiles)('%s has no dead link, anchor or picture', (path, html) => {
    expect(dead(path, html)).toEqual([])
  })

  test('the search for dead links finds one', () => {
    expect(
      dead('index.html', '<a href="faults.html#no-such-fault"> <a href="nowhere.html"> <img src="pictures/no.png">'),
    ).toHaveLength(3)
    expect(dead('index.html', '<a href="faults.html#crash">')).toEqual([])
  })

  test('no page loads anything from elsewhere', () => {
    for (const [path, html] of htmlFiles)
      expect([...html.matchAll(/<(?:script|link|img|iframe)[^>]*(?:src|href)="(?:https?:)?\/\/[^"]*"/g)], path).toEqual(
        [],
      )
  })

  test('every script and style sheet that a page loads is in the site', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lossproof-site-'))
    writeSite(folder)
    const loaded = htmlFiles.flatMap(([, html]) => [...html.matchAll(/ (?:src|href)="(assets\/[^"]*)"/g)])
    expect(loaded.length).toBeGreaterThan(htmlFiles.length)
    expect(loaded.map(([, asset = '']) => asset).filter(asset => !existsSync(join(folder, asset)))).toEqual([])
  })

  test('only pages with a diagram load the scripts that draw it', () => {
    const drawing = htmlFiles.filter(([, html]) => html.includes('assets/mermaid.js'))
    expect(drawing.map(([path]) => path).toSorted()).toEqual(['architecture.html', 'index.html'])
    for (const [path, html] of drawing) {
      expect(html, path).toContain('<pre class="diagram"')
      expect(html.indexOf('assets/mermaid.js'), path).toBeLessThan(html.indexOf('assets/diagrams.js'))
    }
  })

  test('every diagram describes itself to those who do not see it', () => {
    const diagrams = [...pages].flatMap(([path, text]) =>
      [...text.matchAll(/^```mermaid\n(.*?)^```/gms)].map(([, source = '']) => ({ path, source })),
    )
    expect(diagrams.length).toBeGreaterThan(1)
    expect(diagrams.filter(({ source }) => !/^ *accDescr\b/m.test(source)).map(({ path }) => path)).toEqual([])
  })

  test('every page is in the navigation, and every page has its address', () => {
    const listed = navigationOf(pages.get('docs/README.md') ?? '').flatMap(section =>
      section.pages.map(({ path }) => path),
    )
    expect([...pages.keys()].filter(path => path.startsWith('docs/') && !listed.includes(path))).toEqual([
      'docs/README.md',
    ])
    expect(listed).toHaveLength(new Set(listed).size)
    expect(htmlFiles).toHaveLength(pages.size)
    expect(() => siteFiles({ pages: new Map([...pages, ['OUTCOMES.md', '# x']]) })).toThrow('both outcomes.html')
  })

  test('the search has every section of every page, with its text', () => {
    const index = files.get('assets/search-index.js') ?? ''
    const entries = JSON.parse(index.slice(index.indexOf('['))) as { id: string; text: string }[]
    expect(entries.length).toBe(new Set(entries.map(({ id }) => id)).size)
    expect(entries.find(({ id }) => id === 'faults.html#crash')?.text).toContain('out-of-memory killer')
    expect(entries.map(({ id }) => id.split('#')[0]).filter(page => !files.has(page ?? ''))).toEqual([])
  })
})

describe('one page', () => {
  const render = (markdown: string, repository?: string) =>
    renderPage(markdown, { path: 'docs/a.md', pages: ['README.md', 'docs/a.md', 'docs/b.md'], repository })

  test('headings have the anchors of GitHub, and a repeated one a number', () => {
    const { html, sections, title } = render('# A `b` c.d\n\ntext\n\n## Same\n\none\n\n## Same\n\ntwo\n')
    expect(title).toBe('A b c.d')
    expect(sections.map(({ anchor, text }) => [anchor, text])).toEqual([
      ['a-b-cd', 'text'],
      ['same', 'one'],
      ['same-1', 'two'],
    ])
    expect(html).toContain('<h2 id="same-1">')
  })

  test('links lead to pages of the site; other files to the repository, where there is one', () => {
    expect(render('[x](b.md#y) [home](../README.md)').html).toContain(
      '<a href="b.html#y">x</a> <a href="index.html">home</a>',
    )
    expect(render('[x](../LICENSE)').html).toBe('<p>x</p>\n')
    expect(render('[x](../LICENSE)', 'https://h/o/r').html).toContain('href="https://h/o/r/blob/HEAD/LICENSE"')
    expect(linkOf('#y', 'docs/a.md', [], undefined)).toEqual({ href: '#y' })
    expect(addressOf('docs/README.md')).toBe('docs.html')
  })

  test('code is text, with colours where the language is known', () => {
    expect(render('```yaml\na: "<b>"\n```').html).toMatch(/<span class="hljs-attr">a:<\/span>.*&lt;b&gt;/)
    expect(render('```nothing\n<b>\n```').html).toContain('<code>&lt;b&gt;</code>')
    expect(render('a `<b>` c').html).toContain('<code>&lt;b&gt;</code>')
  })

  test('a diagram is its source, until the browser draws it', () => {
    const { html, hasDiagram } = render('```mermaid\nflowchart LR\n  a --> b\n```')
    expect(html).toBe('<pre class="diagram" tabindex="0"><code>flowchart LR\n  a --&gt; b</code></pre>\n')
    expect(hasDiagram).toBe(true)
    expect(render('```yaml\na: b\n```').hasDiagram).toBe(false)
  })
})
