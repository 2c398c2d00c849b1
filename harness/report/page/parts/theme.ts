/** Colours of the stylesheet for drawings on a canvas, which have to be redrawn for dark, light and print. */
export const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()

/** Calls `changed` whenever the colours may have changed. Print is always light. Returns a function that stops it. */
export function onTheme(changed: () => void): () => void {
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const print = matchMedia('print')
  const toPaper = () => {
    document.documentElement.dataset['paper'] = ''
    changed()
  }
  const toScreen = () => {
    delete document.documentElement.dataset['paper']
    changed()
  }
  const media = () => (print.matches ? toPaper() : toScreen())
  dark.addEventListener('change', media)
  print.addEventListener('change', media)
  addEventListener('beforeprint', toPaper)
  addEventListener('afterprint', toScreen)
  return () => {
    dark.removeEventListener('change', media)
    print.removeEventListener('change', media)
    removeEventListener('beforeprint', toPaper)
    removeEventListener('afterprint', toScreen)
  }
}
