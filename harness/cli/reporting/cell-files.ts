/** The files of a run folder that the page of each cell links to. */
import { existsSync } from 'node:fs'
import { relative } from 'node:path'
import { laneFolder, replicasFile, trialPaths } from '../../../history/folder.ts'
import type { Cell } from '../../../model/plan.ts'
import type { CellFile } from '../../report/page-data/page-data.ts'

/** By cell id; only files and folders that exist. */
export function cellFiles(folder: string, cells: readonly Cell[]): Map<string, CellFile[]> {
  return new Map(
    cells.map(({ id, trial, lane }) => {
      const { events, logs } = trialPaths(folder, trial)
      const files = [
        { name: 'history of the clients', path: laneFolder(folder, trial, lane) },
        { name: 'events of the trial', path: events },
        { name: 'extracts of replica logs', path: replicasFile(folder, trial, lane) },
        { name: 'broker logs', path: logs },
      ]
      return [
        id,
        files.filter(({ path }) => existsSync(path)).map(file => ({ ...file, path: linkTo(folder, file.path) })),
      ]
    }),
  )
}

const linkTo = (folder: string, path: string): string =>
  relative(folder, path).split('/').map(encodeURIComponent).join('/')
