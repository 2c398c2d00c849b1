/** Finds scenario files by path or by name: `quick` is all files of scenarios/quick, `quick/kafka` one of them. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, extname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LossproofError } from '../../../model/errors.ts'
import { nearest } from '../../../model/nearest.ts'
import { ScenarioSource } from '../../plan/scenario/source.ts'

const shipped = fileURLToPath(new URL('../../../scenarios', import.meta.url))
const endings = new Set(['.yaml', '.yml'])

/** Every scenario that the words name, in order, each once. Throws LossproofError('usage') for a word that names none. */
export function loadScenarios(words: string[]): ScenarioSource[] {
  const files = new Set(words.flatMap(filesOf))
  return [...files].flatMap(file =>
    ScenarioSource.all(relative(process.cwd(), file) || file, readFileSync(file, 'utf8')),
  )
}

/** A run's name from what was asked for. */
export function nameOf(words: string[]): string {
  const name = words.map(word => basename(word, extname(word))).join('_')
  return name.replaceAll(/[^A-Za-z0-9_-]+/g, '-').slice(0, 60) || 'run'
}

function filesOf(word: string): string[] {
  for (const base of [word, join(shipped, word)]) {
    for (const path of [base, `${base}.yaml`, `${base}.yml`]) {
      if (!existsSync(path)) continue
      const files = statSync(path).isDirectory() ? yamlIn(path) : [path]
      if (files.length > 0) return files
    }
  }
  const files = yamlIn(shipped).map(file => relative(shipped, file))
  const known = [...new Set(files.flatMap(file => [dirname(file), file.replace(/\.ya?ml$/, '')]))].filter(
    name => name !== '.',
  )
  const word2 = nearest(word, known)
  throw new LossproofError('usage', `no scenario "${word}"`, {
    hint: word2 === undefined ? `a file or one of ${known.join(', ')}` : `did you mean "${word2}"?`,
  })
}

function yamlIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => endings.has(extname(name)))
  return names.toSorted().map(name => join(folder, name))
}
