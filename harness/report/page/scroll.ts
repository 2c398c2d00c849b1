/** Keeps in each entry of the browser's history how far its view was scrolled, so that the back button leads to that place. */

interface Entry {
  scrolledTo?: number
}

const entry = (): Entry => (history.state ?? {}) as Entry

/** From now on, what is scrolled is kept. Call once. */
export function rememberScrolling(): void {
  // The browser restores too early, before the view is drawn.
  history.scrollRestoration = 'manual'
  addEventListener('scrollend', () => history.replaceState({ ...entry(), scrolledTo: scrollY }, ''))
}

/** Scrolls a view that has just been drawn: to where it was before, or to its top where it is new. */
export const scrollToEntry = (): void => scrollTo(0, entry().scrolledTo ?? 0)
