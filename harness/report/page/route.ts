/** The current view, from the part of the address after `#`, so that the page also works from a file. */
import { useEffect, useState } from 'preact/hooks'

const views = ['matrix', 'claims', 'systems', 'cell', 'trend'] as const

export interface Route {
  view: (typeof views)[number]
  id: string | undefined
  path: string
}

export function parseRoute(hash: string): Route {
  const [, word = '', ...rest] = hash.replace(/^#/, '').split('/')
  const view = views.find(known => known === word) ?? 'matrix'
  return { view, id: rest.length === 0 ? undefined : decoded(rest.join('/')), path: hash }
}

/** An address that somebody typed may be malformed. */
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
