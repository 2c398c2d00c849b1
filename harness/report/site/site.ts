/** The documentation as a site: every file of it as text, from the Markdown of the repository. Pure. */
import { addressOf } from './addresses.ts'
import { documentOf } from './layout.ts'
import { renderPage } from './markdown.ts'
import { navigationOf } from './navigation.ts'

export interface SiteInput {
  /** Text of each page, by its path in the repository: `docs/faults.md`. */
  pages: ReadonlyMap<string, string>
  /** Where files of the repository that are no pages can be seen. Absent: the site does not link to them. */
  repository?: string | undefined
}

/** An entry of the search. */
export interface SearchEntry {
  id: string
  page: string
  heading: string
  text: string
}

/** Text by the path in the site. Two pages with one address are an error. */
export function siteFiles({ pages, repository }: SiteInput): Map<string, string> {
  const navigation = navigationOf(pages.get('docs/README.md') ?? '')
  const paths = [...pages.keys()]
  const files = new Map<string, string>()
  const entries: SearchEntry[] = []
  for (const [path, markdown] of pages) {
    const address = addressOf(path)
    if (files.has(address)) throw new Error(`${path} and another page are both ${address} in the site`)
    const page = renderPage(markdown, { path, pages: paths, repository })
    files.set(address, documentOf(page, navigation))
    for (const { anchor, heading, text } of page.sections)
      entries.push({ id: `${address}#${anchor}`, page: page.title, heading, text })
  }
  // A script and not JSON, because a page that is opened as a file may not fetch.
  files.set('assets/search-index.js', `window.lossproofSearch = ${JSON.stringify(entries)}\n`)
  return files
}
