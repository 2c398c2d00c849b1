/** The navigation of the site: the sections of docs/README.md with the pages that their tables link to. */
import { fileOf } from './addresses.ts'

export interface NavigationSection {
  heading: string
  pages: { path: string; title: string }[]
}

/** `index`: the text of docs/README.md. A page that another section has already is not repeated. */
export function navigationOf(index: string): NavigationSection[] {
  const seen = new Set<string>()
  return index
    .split(/^## /m)
    .slice(1)
    .map(section => {
      const [heading = ''] = section.split('\n')
      const links = [...section.matchAll(/\[([^\]]+)\]\(([^)#]+\.md)\)/g)]
      const pages = links
        .map(([, title = '', href = '']) => ({ path: fileOf(href, 'docs/README.md'), title }))
        .filter(({ path }) => !seen.has(path) && seen.add(path))
      return { heading, pages }
    })
}
