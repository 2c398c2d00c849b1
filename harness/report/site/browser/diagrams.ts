/**
 * Draws the diagrams of the documentation site, in the browser. Only pages with a diagram load this script, after mermaid.js. Like
 * search.ts it is a classic script, because modules do not load from files. Both share one scope, so no name may be in both.
 */
interface Mermaid {
  initialize(config: object): void
  render(id: string, source: string): Promise<{ svg: string }>
}

const { mermaid } = window as unknown as { mermaid: Mermaid }

// The picture takes its colours from palette.css, so it follows the theme and paper without being drawn again.
const colours = `
  .node rect { fill: var(--surface); stroke: var(--muted); }
  .cluster rect { fill: none; stroke: var(--muted); stroke-dasharray: 4 3; }
  .nodeLabel, .cluster-label span, .edgeLabel p { color: var(--ink); }
  .edgeLabel, .edgeLabel p, .labelBkg { background-color: var(--bg); }
  .flowchart-link { stroke: var(--muted); }
  .marker, .arrowMarkerPath { fill: var(--muted); stroke: var(--muted); }`

mermaid.initialize({
  startOnLoad: false,
  suppressErrorRendering: true,
  theme: 'base',
  look: 'classic',
  themeCSS: colours,
  fontFamily: getComputedStyle(document.body).fontFamily,
  themeVariables: { fontSize: '14px' },
  flowchart: {
    useMaxWidth: false,
    nodeSpacing: 16,
    rankSpacing: 24,
    padding: 8,
    wrappingWidth: 100,
    minNodeWidth: 0,
  },
})

/** A picture that is wider than the page may shrink by this factor. Smaller letters are hard to read. */
const mostShrinking = 1.2

/** The source as it is, and narrower forms of it: from top to bottom, and then its groups from top to bottom too. */
function formsOf(source: string): string[] {
  const vertical = source.replace(/^flowchart LR\n/, 'flowchart TB\n')
  return [source, vertical, `%%{init: { "flowchart": { "inheritDir": true } }}%%\n${vertical}`]
}

/** Replaces the source with its picture: the first form that is not too wide, else the narrowest. If this fails, the source stays. */
async function draw(source: HTMLElement, id: string): Promise<void> {
  const picture = document.createElement('div')
  picture.className = 'diagram'
  picture.tabIndex = 0
  for (const form of formsOf(source.textContent)) {
    picture.innerHTML = (await mermaid.render(id, form)).svg
    const leastWidth = (picture.querySelector('svg')?.width.baseVal.value ?? 0) / mostShrinking
    picture.style.setProperty('--least-width', `${leastWidth}px`)
    if (leastWidth <= source.clientWidth) break
  }
  const svg = picture.querySelector('svg')
  svg?.setAttribute('role', 'img')
  svg?.removeAttribute('aria-roledescription')
  // The text alternative is the source's accDescr.
  svg?.setAttribute('aria-labelledby', svg.getAttribute('aria-describedby') ?? '')
  svg?.removeAttribute('aria-describedby')
  source.replaceWith(picture)
}

for (const [at, source] of document.querySelectorAll<HTMLElement>('pre.diagram').entries())
  void draw(source, `diagram-${at}`)
