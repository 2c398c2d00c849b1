/** Where the pages and pictures of the documentation are in the site, by their path in the repository. */
/** `README.md` → `index.html`, `docs/README.md` → `docs.html`, `docs/faults.md` → `faults.html`. */
export function addressOf(page: string): string {
  if (page === 'README.md') return 'index.html'
  if (page === 'docs/README.md') return 'docs.html'
  return `${page
    .slice(page.lastIndexOf('/') + 1)
    .replace(/\.md$/, '')
    .toLowerCase()}.html`
}

export interface LinkTarget {
  href: string
  /** A file of the repository that the site does not have. */
  outside?: true
}

/**
 * A link of `page` as the site has it. `pages`: all pages of the site. `repository`: where other files of the repository can be
 * seen; without it they have no link (undefined).
 */
export function linkOf(
  href: string,
  page: string,
  pages: readonly string[],
  repository: string | undefined,
): LinkTarget | undefined {
  if (/^[a-z]+:/i.test(href)) return { href, outside: true }
  const [path = '', anchor] = href.split('#')
  const hash = anchor === undefined ? '' : `#${anchor}`
  if (path === '') return { href: hash }
  const file = fileOf(path, page)
  if (pages.includes(file)) return { href: `${addressOf(file)}${hash}` }
  return repository === undefined ? undefined : { href: `${repository}/blob/HEAD/${file}`, outside: true }
}

/** `pictures/cell.png` in docs/reading-a-report.md → `docs/pictures/cell.png`. */
export const fileOf = (path: string, page: string): string =>
  decodeURI(new URL(path, `file:///${page}`).pathname.slice(1))

/** Pictures are in docs/pictures, and in the site in pictures/. */
export const pictureOf = (path: string, page: string): string => fileOf(path, page).replace(/^docs\//, '')
