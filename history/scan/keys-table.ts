/** The keys of every record as a Markdown table. docs/formats.md contains it; a test compares the two. */
import { shapes } from '../shapes.ts'

export function keysTable(): string {
  const keys = (list: readonly (readonly [string, string])[]) => list.map(([key]) => `\`${key}\``).join(', ')
  const rows = Object.entries(shapes).map(
    ([op, { role, required, optional }]) => `| ${role} | \`${op}\` | ${keys(required)} | ${keys(optional)} |`,
  )
  return ['| role | `op` | must have | may have |', '|---|---|---|---|', ...rows].join('\n')
}
