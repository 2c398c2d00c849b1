/** verdict.json in a run folder. */
import { copyFileSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runPaths } from '../../../history/folder.ts'
import { LossproofError } from '../../../model/errors.ts'
import { RunVerdict } from '../../../model/verdict.ts'

export const verdictText = (verdict: RunVerdict): string => `${JSON.stringify(verdict, undefined, 2)}\n`

/** Writes a temporary file and renames it, so that a failure leaves the earlier verdict as it was. */
export function writeVerdict(folder: string, verdict: RunVerdict): void {
  const path = runPaths(folder).verdict
  writeFileSync(`${path}.part`, verdictText(verdict))
  renameSync(`${path}.part`, path)
}

/**
 * Writes the verdict. The first one that differs from a later one is kept, since part of what it was made from, such as
 * extracts of replica logs, may be gone. Returns the path of the kept file when it was made now.
 */
export function replaceVerdict(folder: string, verdict: RunVerdict): string | undefined {
  const path = runPaths(folder).verdict
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
    throw new LossproofError('usage', `${path} is a folder; expected a file`, { hint: 'remove it, or move it away' })
  const first = join(folder, 'verdict.first.json')
  const differs = existsSync(path) && readFileSync(path, 'utf8') !== verdictText(verdict)
  const isNew = differs && !existsSync(first)
  if (isNew) copyFileSync(path, first)
  writeVerdict(folder, verdict)
  return isNew ? first : undefined
}

/** The verdict in the folder; undefined when there is none or it cannot be read. */
export function storedVerdict(folder: string): RunVerdict | undefined {
  try {
    return RunVerdict.parse(JSON.parse(readFileSync(runPaths(folder).verdict, 'utf8')))
  } catch {
    return undefined
  }
}
