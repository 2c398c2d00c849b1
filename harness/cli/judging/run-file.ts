/** Reads run.json of a run folder. */
import { existsSync } from 'node:fs'
import { z } from 'zod'
import { runPaths } from '../../../history/folder.ts'
import { readHistoryText } from '../../../history/open-file.ts'
import { RunFile } from '../../../history/run-file.ts'
import { LossproofError, messageOf } from '../../../model/errors.ts'
import { isJsonTooDeep } from '../../../model/input/nesting.ts'

/** Throws LossproofError: 'usage' for a folder without run.json, 'history' for a run.json that is not valid. */
export function readRunFile(folder: string): RunFile {
  const path = runPaths(folder).runFile
  if (!existsSync(path))
    throw new LossproofError('usage', `${folder} is not a run folder: it has no run.json`, {
      hint: 'a run folder is what `lossproof run` makes below results/',
    })
  const parsed = RunFile.safeParse(parseFile(path))
  if (parsed.success) return parsed.data
  throw new LossproofError('history', `${path}: ${z.prettifyError(parsed.error).split('\n').slice(0, 6).join('; ')}`)
}

function parseFile(path: string): unknown {
  const text = readHistoryText(path)
  if (isJsonTooDeep(text)) throw new LossproofError('history', `${path}: values are nested too deep`)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new LossproofError('history', `${path}: ${messageOf(error)}`)
  }
}
