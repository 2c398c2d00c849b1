/** Markdown that names and broker texts cannot break, and that fits the size limit of a job summary. */

/** GitHub shows no job summary that is larger than 1 MiB. */
export const maxBytes = 1_048_576
/** For the lines that say how much was left out. */
const reservedBytes = 4096

/** Escapes everything that Markdown could read as markup, a link or a mention. */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>#|!&~@]/g, character => `\\${character}`).replaceAll(/[\r\n]+/g, ' ')
}

/** A row of a table. Cells of the separator row (`---:`) are not escaped. */
export function markdownRow(cells: readonly (string | number)[]): string {
  return `| ${cells.map(cell => (/^-+:?$/.test(String(cell)) ? cell : escapeMarkdown(String(cell)))).join(' | ')} |`
}

/** Joins sections, most important first. Lines that do not fit are cut from the end of their section and counted. */
export function limited(sections: readonly (readonly string[])[], limit = maxBytes): string {
  let left = limit - reservedBytes
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
      `… and ${section.length - fitting} more lines. verdict.json and report.html have all of them.`,
    )
    left = 0
  }
  return `${lines.join('\n')}\n`
}
