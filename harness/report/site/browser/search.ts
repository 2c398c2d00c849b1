/**
 * The search of the documentation site, in the browser. It is a classic script without imports: minisearch.js and, at the first
 * search, search-index.js come as scripts too, so that it works for pages that are opened as files.
 */
interface Entry {
  id: string
  page: string
  heading: string
  text: string
}

interface Index {
  addAll(entries: readonly Entry[]): void
  search(text: string): (Entry & { terms: string[] })[]
}

interface Globals {
  MiniSearch: new (options: object) => Index
  lossproofSearch?: Entry[]
}

const globals = window as unknown as Globals
const most = 20
const contextCharacters = 80

const input = document.querySelector<HTMLInputElement>('header input[type=search]')
const found = document.getElementById('found')
let index: Promise<Index> | undefined

async function loaded(): Promise<Index> {
  await new Promise<void>((resolve, reject) => {
    const script = document.createElement('script')
    script.src = 'assets/search-index.js'
    script.addEventListener('load', () => resolve())
    script.addEventListener('error', () => reject(new Error('assets/search-index.js cannot be read')))
    document.head.append(script)
  })
  const made = new globals.MiniSearch({
    fields: ['heading', 'page', 'text'],
    storeFields: ['page', 'heading', 'text'],
    // Settings are found by their parts: `insync` finds `min.insync.replicas`.
    tokenize: (text: string) => text.split(/[^\p{L}\p{N}]+/u).filter(word => word !== ''),
    searchOptions: { prefix: true, fuzzy: 0.15, boost: { heading: 4, page: 2 }, combineWith: 'AND' },
  })
  made.addAll(globals.lossproofSearch ?? [])
  return made
}

async function show(text: string): Promise<void> {
  if (!found) return
  found.hidden = text === ''
  if (text === '') return
  index ??= loaded()
  const results = (await index).search(text)
  // The reader has typed on meanwhile.
  if (input?.value.trim() !== text) return
  const heading = document.createElement('p')
  heading.textContent =
    results.length === 0 ? `Nothing has “${text}”.` : `${results.length} section${results.length === 1 ? '' : 's'}`
  const list = document.createElement('ol')
  list.append(...results.slice(0, most).map(itemOf))
  found.replaceChildren(heading, list)
}

function itemOf({ id, page, heading, text, terms }: Entry & { terms: string[] }): HTMLLIElement {
  const item = document.createElement('li')
  const link = document.createElement('a')
  link.href = id
  link.textContent = page === heading ? page : `${page}: ${heading}`
  const excerpt = document.createElement('span')
  const lower = text.toLowerCase()
  const at = Math.max(0, Math.min(...terms.map(term => lower.indexOf(term)).filter(place => place >= 0)))
  const from = Number.isFinite(at) ? Math.max(0, at - contextCharacters) : 0
  excerpt.textContent = `${from > 0 ? '… ' : ''}${text.slice(from, from + 2 * contextCharacters)}`
  item.append(link, excerpt)
  return item
}

input?.addEventListener('input', () => void show(input.value.trim()))
input?.form?.addEventListener('submit', event => {
  event.preventDefault()
  found?.querySelector('a')?.focus()
})
addEventListener('keydown', event => {
  if (event.key === 'Escape' && input && found) {
    input.value = ''
    found.hidden = true
  }
})
// A result on the same page only moves it.
found?.addEventListener('click', event => {
  if (event.target instanceof HTMLAnchorElement) found.hidden = true
})
// On a narrow screen the list of pages begins closed.
if (matchMedia('(max-width: 820px)').matches) document.querySelector('nav details')?.removeAttribute('open')
