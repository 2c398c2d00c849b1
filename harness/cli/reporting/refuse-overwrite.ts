/** What `report` never overwrites: pages whose timelines cannot be made again, and files of other runs. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { runPaths } from '../../../history/folder.ts'
import { readHistoryText } from '../../../history/open-file.ts'
import { withTries } from '../../../history/tries.ts'
import { LossproofError } from '../../../model/errors.ts'
import type { RunVerdict } from '../../../model/verdict.ts'
import { refuseWithoutHistory } from '../judging/missing-history.ts'
import { tryRunFile } from './reported-run.ts'

/** Key of a timeline in the data of a page; earlier versions called it a story. */
const timelineKey = /"(?:timeline|story)":/

/** Throws LossproofError('usage') when the folder has a report.html with timelines and no history to make them from. */
export function refuseToLoseTimelines(folder: string, verdict: RunVerdict): void {
  if (!statSync(folder).isDirectory())
    throw new LossproofError('usage', `${folder} is a file; reports are written into a run folder`)
  const { report } = runPaths(folder)
  if (!existsSync(report) || !timelineKey.test(readHistoryText(report))) return
  const runFile = tryRunFile(folder)
  if (runFile) return refuseWithoutHistory(folder, withTries(runFile), verdict, 'report.html')
  throw new LossproofError(
    'usage',
    `${report} has timelines that cannot be made again without a readable run.json in ${folder}; it is left unchanged`,
    { hint: 'use the folder that the run wrote, or remove report.html' },
  )
}

/** Throws LossproofError('usage') when the folder for merged shards is one of them, or holds anything but a merged run. */
export function refuseToMergeInto(folder: string, shards: readonly string[]): void {
  const refuse = (reason: string) => {
    throw new LossproofError('usage', `--merge ${folder}: ${reason}`, { hint: 'name a new folder' })
  }
  if (!existsSync(folder)) return
  if (!statSync(folder).isDirectory()) refuse('it is a file')
  if (shards.some(shard => resolve(shard) === resolve(folder))) refuse('it is one of the shards')
  if (existsSync(runPaths(folder).runFile)) refuse('it is the folder of a run, whose verdict would be lost')
  const isMerged = existsSync(runPaths(folder).verdict)
  if (!isMerged && readdirSync(folder).length > 0) refuse('it holds files that are not of a merged run')
}

/** Throws LossproofError('usage') when the file for the dashboard exists and is not a dashboard. */
export function refuseToReplace(file: string): void {
  if (!existsSync(file)) return
  if (statSync(file).isFile() && readHistoryText(file).includes('"page":"dashboard"')) return
  throw new LossproofError('usage', `--out ${file}: it exists and is not a dashboard; it is left unchanged`, {
    hint: 'name a new file',
  })
}
