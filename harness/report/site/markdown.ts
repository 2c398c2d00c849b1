/** One page of the documentation as HTML, with what navigation and search need of it. */
import hljs from 'highlight.js/lib/common'
import { Marked } from 'marked'
import type { Tokens } from 'marked'
import { linkOf, pictureOf } from './addresses.ts'
import { anchorsOfPage } from './anchors.ts'

export interface Section {
  /** Empty for what stands before the first heading of a page. */
  anchor: string
  heading: string
  depth: number
  /** What a search finds. */
  text: string
}

export interface RenderedPage {
  /** In the repository: `docs/faults.md`. */
  path: string
  title: string
  html: string
  sections: Section[]
  hasDiagram: boolean
}

export interface RenderOptions {
  path: string
  /** All pages of the site. */
  pages: readonly string[]
  repository: string | undefined
}

export function renderPage(markdown: string, { path, pages, repository }: RenderOptions): RenderedPage {
  const sections: Section[] = []
  let hasDiagram = false
  const anchorOf = anchorsOfPage()
  const marked = new Marked({ gfm: true })
  marked.use({
    renderer: {
      heading({ tokens, depth }: Tokens.Heading) {
        const text = plainText(this.parser.parseInline(tokens, this.parser.textRenderer))
        const anchor = anchorOf(text)
        sections.push({ anchor, heading: text, depth, text: '' })
        const content = this.parser.parseInline(tokens)
        const link =
          depth === 1 ? '' : ` <a class="anchor" href="#${anchor}" aria-label="Link to ${escaped(text)}">#</a>`
        return `<h${depth} id="${anchor}">${content}${link}</h${depth}>\n`
      },
      code({ text, lang = '' }: Tokens.Code) {
        if (lang === 'mermaid') {
          hasDiagram = true
          return `<pre class="diagram" tabindex="0"><code>${escaped(text)}</code></pre>\n`
        }
        const language = lang === 'console' ? 'shell' : lang
        const html = hljs.getLanguage(language) ? hljs.highlight(text, { language }).value : escaped(text)
        return `<pre tabindex="0"><code>${html}</code></pre>\n`
      },
      link({ href, title, tokens }: Tokens.Link) {
        const content = this.parser.parseInline(tokens)
        const target = linkOf(href, path, pages, repository)
        if (target === undefined) return content
        return `<a href="${escaped(target.href)}"${titleOf(title)}>${content}</a>`
      },
      image({ href, title, text }: Tokens.Image) {
        return `<img src="${escaped(pictureOf(href, path))}" alt="${escaped(text)}"${titleOf(title)} loading="lazy">`
      },
    },
  })
  const html = marked
    .parse(markdown, { async: false })
    .replaceAll('<table>', '<div class="table" tabindex="0"><table>')
    .replaceAll('</table>', '</table></div>')
  return { path, title: sections[0]?.heading ?? path, html, sections: withTexts(sections, html), hasDiagram }
}

/** The text of each section is what stands between its heading and the next one. */
function withTexts(sections: readonly Section[], html: string): Section[] {
  const parts = html.split(/<h[1-6] id="[^"]*">.*?<\/h[1-6]>\n/s)
  return sections.map((section, at) => ({ ...section, text: plainText(parts[at + 1] ?? '') }))
}

const plainText = (html: string): string =>
  html
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
    .trim()

const titleOf = (title: string | null | undefined): string => (title ? ` title="${escaped(title)}"` : '')

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
