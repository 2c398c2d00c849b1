import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RunVerdict } from '../../model/verdict.ts'

/** The verdict of the only run in this results folder. */
export function verdictIn(results: string): RunVerdict {
  const path = join(results, readdirSync(results)[0] ?? '', 'verdict.json')
  return RunVerdict.parse(JSON.parse(readFileSync(path, 'utf8')))
}
