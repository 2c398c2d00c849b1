/** Shapes as SVG elements. */
import type { Shape } from '../../topology/shapes.ts'

export const Shapes = ({ shapes }: { shapes: readonly Shape[] }) => (
  <>
    {shapes.map((shape, at) => (
      <ShapeElement key={at} shape={shape} />
    ))}
  </>
)

function ShapeElement({ shape }: { shape: Shape }) {
  switch (shape.kind) {
    case 'rect':
      return <rect x={shape.x} y={shape.y} width={shape.width} height={shape.height} rx={shape.rx} class={shape.look} />
    case 'ellipse':
      return <ellipse cx={shape.x} cy={shape.y} rx={shape.rx} ry={shape.ry} class={shape.look} />
    case 'path':
      return <path d={shape.d} class={shape.look} />
    case 'text':
      return (
        <text x={shape.x} y={shape.y} text-anchor={shape.anchor} class={shape.look}>
          {shape.text}
        </text>
      )
  }
}
