/** Edits of a file → the lines that a reader sees change. */
import { applyEdits, lineAt, startOfLine } from './edit.ts'
import type { Edit } from './edit.ts'
import type { Change } from './types.ts'

export interface NamedEdit {
  /** `place.setting` */
  name: string
  edit: Edit
}

/** In the order of the file. Several edits of one line are one change. */
export function changesOf(file: string, text: string, edits: readonly NamedEdit[]): Change[] {
  const added = edits.filter(({ edit }) => isAdded(edit)).map(({ name, edit }) => addedLine(file, text, name, edit))
  const lines = Map.groupBy(
    edits.filter(({ edit }) => !isAdded(edit)),
    ({ edit }) => startOfLine(text, edit.from),
  )
  const changed = [...lines].map(([from, members]) => changedLine(file, text, from, members))
  return [...changed, ...added].toSorted((a, b) => a.line - b.line)
}

const isAdded = ({ from, to, text }: Edit) => from === to && text.includes('\n')

function addedLine(file: string, text: string, name: string, { from, text: added }: Edit): Change {
  // It begins behind the line end of the line before it.
  const line = lineAt(text, text[from - 1] === '\n' ? from - 1 : from)
  return { names: [name], file, line, after: added.replace(/^,/, '').trim() }
}

function changedLine(file: string, text: string, from: number, members: readonly NamedEdit[]): Change {
  const last = Math.max(...members.map(({ edit }) => edit.to))
  const end = text.indexOf('\n', last)
  const before = text.slice(from, end < 0 ? text.length : end)
  const moved = members.map(({ edit }) => ({ ...edit, from: edit.from - from, to: edit.to - from }))
  return {
    names: members.map(({ name }) => name),
    file,
    line: lineAt(text, from),
    before: before.trim(),
    after: applyEdits(before, moved).trim(),
  }
}
