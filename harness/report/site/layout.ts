/** A page of the site as an HTML document: navigation, search, the page, and its headings. */
import { addressOf } from './addresses.ts'
import { escaped } from './markdown.ts'
import type { RenderedPage } from './markdown.ts'
import type { NavigationSection } from './navigation.ts'

export function documentOf(page: RenderedPage, navigation: readonly NavigationSection[]): string {
  const title = page.title === 'Lossproof' ? 'Lossproof' : `${page.title} · Lossproof`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="assets/palette.css">
<link rel="stylesheet" href="assets/site.css">
<script src="assets/minisearch.js" defer></script>
<script src="assets/search.js" defer></script>${page.hasDiagram ? diagramScripts : ''}
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header>
<a class="brand" href="index.html">Lossproof</a>
<form role="search" action="docs.html">
<input type="search" placeholder="Search" aria-label="Search the documentation" autocomplete="off">
</form>
</header>
<section id="found" aria-label="Search results" aria-live="polite" hidden></section>
<div class="columns">
<nav aria-label="Pages"><details open><summary>Pages</summary>
${[homeSection, ...navigation].map(section => sectionOf(section, page)).join('\n')}
</details></nav>
<main id="main" tabindex="-1">
${page.html}</main>
</div>
</body>
</html>
`
}

const diagramScripts = `
<script src="assets/mermaid.js" defer></script>
<script src="assets/diagrams.js" defer></script>`

const homeSection: NavigationSection = {
  heading: 'Lossproof',
  pages: [
    { path: 'README.md', title: 'What it is' },
    { path: 'docs/README.md', title: 'All pages' },
  ],
}

function sectionOf({ heading, pages }: NavigationSection, page: RenderedPage): string {
  const links = pages.map(({ path, title }) => {
    const isCurrent = path === page.path
    const inner = isCurrent ? headingsOf(page) : ''
    return `<li><a href="${addressOf(path)}"${isCurrent ? ' aria-current="page"' : ''}>${escaped(title)}</a>${inner}</li>`
  })
  return `<h2>${escaped(heading)}</h2>\n<ul>\n${links.join('\n')}\n</ul>`
}

/** The main headings of the current page. */
function headingsOf({ sections }: RenderedPage): string {
  const shown = sections.filter(({ depth }) => depth === 2)
  if (shown.length === 0) return ''
  return `<ul>${shown.map(({ anchor, heading }) => `<li><a href="#${anchor}">${escaped(heading)}</a></li>`).join('')}</ul>`
}
