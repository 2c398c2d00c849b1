/** verdict.json in a run folder. */
import { existsSync, lstatSync } from 'node:fs'
import { join } from 'node:path'
import { runPaths } from '../../../history/folder.ts'
import { readHistoryText } from '../../../history/open-file.ts'
import { RunVerdict } from '../../../model/verdict.ts'
import { replaceFile } from '../replace-file.ts'

export const verdictText = (verdict: RunVerdict): string => `${JSON.stringify(verdict, undefined, 2)}\n`

export function writeVerdict(folder: string, verdict: RunVerdict): void {
  replaceFile(runPaths(folder).verdict, verdictText(verdict))
}

/**
 * Writes the verdict. The first one that differs from a later one is kept, since part of what it was made from, such as
 * extracts of replica logs, may be gone. Returns the path of the kept file when it was made now.
 */
export function replaceVerdict(folder: string, verdict: RunVerdict): string | undefined {
  const first = join(folder, 'verdict.first.json')
  const before = storedText(folder)
  const differs = before !== undefined && before !== verdictText(verdict)
  const isNew = differs && !existsSync(first)
  if (isNew) replaceFile(first, before)
  writeVerdict(folder, verdict)
  return isNew ? first : undefined
}

/** The verdict in the folder; undefined when there is none or it is no verdict. Throws LossproofError as `storedText`. */
export function storedVerdict(folder: string): RunVerdict | undefined {
  const text = storedText(folder)
  try {
    return text === undefined ? undefined : RunVerdict.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** The text of verdict.json; undefined when there is none. Throws LossproofError('history') for what is not a regular file. */
function storedText(folder: string): string | undefined {
  const path = runPaths(folder).verdict
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return undefined
  return readHistoryText(path)
}
