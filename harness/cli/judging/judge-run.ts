/** The third step of a run: verdict.json, computed from the history that the trials left. */
import { renameSync, writeFileSync } from 'node:fs'
import { runPaths } from '../../../history/folder.ts'
import type { RunVerdict } from '../../../model/verdict.ts'
import { judgeRunFolder } from './check-folder.ts'
import type { JudgedRun } from './check-folder.ts'

/** Judges every cell, also where others cannot be judged, and keeps what the report needs, so that lanes are read once. */
export async function judgeRun(folder: string): Promise<JudgedRun> {
  const judged = await judgeRunFolder(folder, { timelines: true, keepGoing: true })
  writeVerdict(folder, judged.verdict)
  return judged
}

export const verdictText = (verdict: RunVerdict): string => `${JSON.stringify(verdict, undefined, 2)}\n`

/** Writes a temporary file and renames it, so that a failure leaves the earlier verdict as it was. */
export function writeVerdict(folder: string, verdict: RunVerdict): void {
  const path = runPaths(folder).verdict
  writeFileSync(`${path}.part`, verdictText(verdict))
  renameSync(`${path}.part`, path)
}
