/** The current view, from the part of the address after `#`, so that the page also works from a file. */
import { useEffect, useState } from 'preact/hooks'

const views = ['audit', 'matrix', 'claims', 'systems', 'cell', 'trend'] as const

export interface Route {
  /** `home`: the first tab. */
  view: (typeof views)[number] | 'home'
  id: string | undefined
  /** The address without the query. */
  path: string
  /** What is searched and filtered: `#/?find=crash&hide=held`. */
  query: URLSearchParams
}

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

export function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash))
  useEffect(() => {
    const changed = () => setRoute(parseRoute(location.hash))
    addEventListener('hashchange', changed)
    return () => removeEventListener('hashchange', changed)
  }, [])
  return route
}

/** Keeps the search in the address, so that it can be shared and the back button returns to it. */
export function rememberQuery(values: Readonly<Record<string, string>>): void {
  const { path } = parseRoute(location.hash)
  const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== '')).toString()
  history.replaceState(null, '', `${path || '#/'}${query === '' ? '' : `?${query}`}`)
}
