/** The third step of a run: verdict.json, computed from the history that the trials left. */
import { judgeRunFolder } from './check-folder.ts'
import type { JudgedRun } from './check-folder.ts'
import { writeVerdict } from './verdict-file.ts'

/** Judges every cell, also where others cannot be judged, and keeps what the report needs, so that lanes are read once. */
export async function judgeRun(folder: string): Promise<JudgedRun> {
  const judged = await judgeRunFolder(folder, { timelines: true, keepGoing: true })
  writeVerdict(folder, judged.verdict)
  return judged
}
