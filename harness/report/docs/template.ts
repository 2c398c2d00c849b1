/** Fills the Markdown templates of docs/ with tables that are made from the code, so that both always agree. */

/** Replaces each `{{name}}`. Throws when the template asks for an unknown value, or does not use a given one. */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  const used = new Set<string>()
  const text = template.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined)
      throw new Error(`the template uses {{${name}}}; known values: ${Object.keys(values).join(', ')}`)
    used.add(name)
    return value
  })
  const unused = Object.keys(values).filter(name => !used.has(name))
  if (unused.length > 0) throw new Error(`the template does not use {{${unused.join('}}, {{')}}}`)
  return `${text.trimEnd()}\n`
}

/** A Markdown table. Cells are Markdown already; a `|` in them is escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

export const code = (text: string): string => `\`${text}\``
