/** The published runs: results/reference. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { RunVerdict } from '../../../model/verdict.ts'

const folder = fileURLToPath(new URL('../../../results/reference', import.meta.url))

/** In the order of their folders' names. */
export function publishedVerdicts(): RunVerdict[] {
  const files = readdirSync(folder)
    .toSorted()
    .map(name => join(folder, name, 'verdict.json'))
  return files.filter(file => existsSync(file)).map(file => RunVerdict.parse(JSON.parse(readFileSync(file, 'utf8'))))
}
