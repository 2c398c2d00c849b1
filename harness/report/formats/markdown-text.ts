/** Markdown that nothing from outside can break, and that fits where it is put. */

/** A job summary of GitHub takes 1 MiB; what is longer is not shown at all. */
export const mostBytes = 1_048_576
const room = 4096

/** Names and broker texts are text, not markup. */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>#|!&~@]/g, character => `\\${character}`).replaceAll(/[\r\n]+/g, ' ')
}

/** Cells that are rules of the table (`---:`) stay as they are. */
export function markdownRow(cells: readonly (string | number)[]): string {
  return `| ${cells.map(cell => (/^-+:?$/.test(String(cell)) ? cell : escapeMarkdown(String(cell)))).join(' | ')} |`
}

/** Sections of lines, in order of their weight: what does not fit is left out at the end of its section, and its number told. */
export function limited(sections: readonly (readonly string[])[], limit = mostBytes): string {
  let left = limit - room
  const lines: string[] = []
  for (const section of sections) {
    const fitting = section.findIndex(line => (left -= Buffer.byteLength(line) + 1) < 0)
    if (fitting < 0) {
      lines.push(...section)
      continue
    }
    lines.push(
      ...section.slice(0, fitting),
      '',
      `… and ${section.length - fitting} more lines: they are in verdict.json and report.html.`,
    )
    left = 0
  }
  return `${lines.join('\n')}\n`
}
