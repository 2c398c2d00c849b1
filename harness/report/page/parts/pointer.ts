/** The time under the pointer, which all drawings of a cell mark. */

type Source = 'timeline' | 'plot' | 'topology'
type Listener = (ms: number | null, source: Source) => void

const listeners = new Set<Listener>()

/** `ms`: null when the pointer has left. */
export function pointAt(ms: number | null, source: Source): void {
  for (const listener of listeners) listener(ms, source)
}

/** Returns a function that ends it. */
export function onPoint(listener: Listener): () => void {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}
