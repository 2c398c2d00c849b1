/** The current view, from the part of the address after `#`, so that the page also works from a file. */
import { useEffect, useState } from 'preact/hooks'

const views = ['audit', 'stress', 'matrix', 'claims', 'systems', 'cell', 'cause', 'trend'] as const

export interface Route {
  /** `home`: the first tab. */
  view: (typeof views)[number] | 'home'
  id: string | undefined
  /** The address without the query. */
  path: string
  /** What is searched, filtered and zoomed: `#/?find=crash&hide=held`. */
  query: URLSearchParams
}

export const cellHref = (id: string): string => `#/cell/${encodeURIComponent(id)}`
export const causeHref = (code: string): string => `#/cause/${encodeURIComponent(code)}`
export const claimHref = (id: string): string => `#/claims?claim=${encodeURIComponent(id)}`

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.split(/\?(.*)/s)
  const [, word = '', ...rest] = path.replace(/^#/, '').split('/')
  const view = views.find(known => known === word) ?? 'home'
  return {
    view,
    id: rest.length === 0 ? undefined : decoded(rest.join('/')),
    path,
    query: new URLSearchParams(query),
  }
}

/** Decodes a part of the address. A malformed one, which users can type, is returned as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The browser announces links and its back button, but not changes made by `setQuery`. */
const changedByPage = new EventTarget()

export function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash))
  useEffect(() => {
    const changed = () => setRoute(parseRoute(location.hash))
    addEventListener('hashchange', changed)
    changedByPage.addEventListener('change', changed)
    return () => {
      removeEventListener('hashchange', changed)
      changedByPage.removeEventListener('change', changed)
    }
  }, [])
  return route
}

/**
 * Puts search, filter or time range into the address, so that they can be shared. `push` makes a step for the back button,
 * `replace` makes none. An empty value removes its name; names that are not given stay.
 */
export function setQuery(values: Readonly<Record<string, string>>, how: 'push' | 'replace'): void {
  const { path, query } = parseRoute(location.hash)
  for (const [name, value] of Object.entries(values)) {
    if (value === '') query.delete(name)
    else query.set(name, value)
  }
  const hash = `${path || '#/'}${query.size === 0 ? '' : `?${query.toString()}`}`
  // Charts that share a cursor also share what is selected on them, and each reports it.
  if (hash === location.hash) return
  if (how === 'push') history.pushState(null, '', hash)
  else history.replaceState(history.state, '', hash)
  changedByPage.dispatchEvent(new Event('change'))
}
