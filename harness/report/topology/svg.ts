/** A drawing as the text of an SVG file, in light and dark colours, for pages that only include the picture. */
import type { Drawing } from './draw.ts'
import type { Shape } from './shapes.ts'

/** The looks of page/style/topology.css, with the colours of page/style/base.css. */
const style = `
text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:#15181e}
.role{fill:#586070}.hit{fill:#a8120d}
.box{fill:#f5f6f8;stroke:#586070}.box.leads{fill:#e2e8f7;stroke:#1d4fc4;stroke-width:2}
.box.gone,.box.silent{fill:#fdeae8;stroke:#a8120d;stroke-dasharray:5 3}
.disk{fill:#fff;stroke:#586070}.disk.slow,.link.slow{stroke:#744900;stroke-dasharray:2 4}
.link{fill:none;stroke:#586070}.link.copy,.link.client{stroke:#1d4fc4;stroke-width:1.6}.link.peer{stroke:#d8dce3}
.link.behind{stroke-dasharray:6 4}.link.idle{stroke-width:1;stroke-dasharray:6 4}.link.idle:not(.peer){stroke:#586070}
.link.gone{stroke:#a8120d;stroke-dasharray:2 4}.link.slow{stroke:#744900;stroke-dasharray:2 4}
.cross{fill:none;stroke:#a8120d;stroke-width:2.6}.slow-sign{fill:#fff;stroke:#744900;stroke-width:1.8}
@media(prefers-color-scheme:dark){
text{fill:#e7eaef}.role{fill:#a3acba}.hit{fill:#ff9c94}
.box{fill:#181c22;stroke:#a3acba}.box.leads{fill:#222b40;stroke:#93b4ff}.box.gone,.box.silent{fill:#491714;stroke:#ff9c94}
.disk{fill:#0f1216;stroke:#a3acba}.link{stroke:#a3acba}.link.copy,.link.client{stroke:#93b4ff}.link.peer{stroke:#4a5361}
.link.idle:not(.peer){stroke:#a3acba}.link.gone{stroke:#ff9c94}.link.slow,.disk.slow{stroke:#f2c262}
.cross{stroke:#ff9c94}.slow-sign{fill:#0f1216;stroke:#f2c262}}
`

/** `title`: what the picture shows, for those who cannot see it. */
export function svgText({ width, height, shapes }: Drawing, title: string): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>${style}</style>`,
    ...shapes.map(element),
    '</svg>',
    '',
  ].join('\n')
}

function element(shape: Shape): string {
  switch (shape.kind) {
    case 'rect':
      return `<rect x="${shape.x}" y="${shape.y}" width="${shape.width}" height="${shape.height}" rx="${shape.rx}" class="${shape.look}"/>`
    case 'ellipse':
      return `<ellipse cx="${shape.x}" cy="${shape.y}" rx="${shape.rx}" ry="${shape.ry}" class="${shape.look}"/>`
    case 'path':
      return `<path d="${shape.d}" class="${shape.look}"/>`
    case 'text':
      return `<text x="${shape.x}" y="${shape.y}" text-anchor="${shape.anchor}" class="${shape.look}">${escaped(shape.text)}</text>`
  }
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
