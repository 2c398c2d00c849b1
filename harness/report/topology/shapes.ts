/** What drawings are made of, in px. `look` is a list of class names, which stylesheets colour. */

export type Shape =
  | { kind: 'rect'; x: number; y: number; width: number; height: number; rx: number; look: string }
  | { kind: 'path'; d: string; look: string }
  | { kind: 'ellipse'; x: number; y: number; rx: number; ry: number; look: string }
  | { kind: 'text'; x: number; y: number; text: string; look: string; anchor: 'start' | 'middle' | 'end' }

export const cross = (x: number, y: number, size: number): Shape => ({
  kind: 'path',
  d: `M${x - size} ${y - size}l${2 * size} ${2 * size}M${x - size} ${y + size}l${2 * size} ${-2 * size}`,
  look: 'cross',
})

/** An hourglass. */
export const slowSign = (x: number, y: number): Shape => ({
  kind: 'path',
  d: `M${x - 5} ${y - 7}h10l-10 14h10z`,
  look: 'slow-sign',
})
