/** Colours of the stylesheet for what is drawn on a canvas, and a redraw when they change: dark, light, print. */
export const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()

/** Paper is light, whatever the screen is. Calls back when colours may have changed; returns what ends that. */
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
