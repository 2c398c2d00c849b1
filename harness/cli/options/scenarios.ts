/** Finds scenario files by path or by name: `quick` is all files of scenarios/quick, `quick/<file>` one of them. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, extname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LossproofError, messageOf } from '../../../model/errors.ts'
import { nearest } from '../../../model/nearest.ts'
import { ScenarioSource } from '../../plan/scenario/source.ts'

const shipped = fileURLToPath(new URL('../../../scenarios', import.meta.url))
const endings = new Set(['.yaml', '.yml'])
/** The probes of `lossproof audit` are no scenarios: they lack the settings. */
const probes = join(shipped, 'audit')
/** The file that stands for standard input; `-` on the command line means it. */
export const standardInput = '/dev/stdin'
const longestName = 60

/**
 * Every scenario that the words name, in order, each once. Throws LossproofError('usage') for a word that names none and
 * for a file that cannot be read.
 */
export function loadScenarios(words: string[]): ScenarioSource[] {
  const files = new Set(words.flatMap(filesOf))
  return [...files].flatMap(file => ScenarioSource.all(shownName(file), readText(file)))
}

/** A run's name from the words of its command. */
export function nameOf(words: string[]): string {
  const name = words.map(word => basename(word, extname(word))).join('_')
  return name.replaceAll(/[^A-Za-z0-9_-]+/g, '-').slice(0, longestName) || 'run'
}

const shownName = (file: string) => (file === standardInput ? 'stdin' : relative(process.cwd(), file) || file)

function readText(file: string): string {
  try {
    // Standard input can be a socket, which has no path that can be opened.
    return readFileSync(file === standardInput ? 0 : file, 'utf8')
  } catch (error) {
    throw new LossproofError('usage', `scenario ${shownName(file)} cannot be read: ${messageOf(error)}`)
  }
}

function filesOf(word: string): string[] {
  if (word === standardInput) return [word]
  for (const base of [word, join(shipped, word)]) {
    for (const path of [base, `${base}.yaml`, `${base}.yml`]) {
      if (!existsSync(path)) continue
      const files = statSync(path).isDirectory() ? yamlIn(path) : [path]
      if (files.length > 0) return files
    }
  }
  throw unknownScenario(word)
}

function unknownScenario(word: string): LossproofError {
  const files = yamlIn(shipped).map(file => relative(shipped, file))
  const names = files.flatMap(file => [dirname(file), file.replace(/\.ya?ml$/, '')])
  const known = [...new Set(names)].filter(name => name !== '.')
  const closest = nearest(word, known)
  return new LossproofError('usage', `unknown scenario "${word}": neither a file nor a name below scenarios/`, {
    hint: closest === undefined ? `a file or one of ${known.join(', ')}` : `did you mean "${closest}"?`,
  })
}

function yamlIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => endings.has(extname(name)))
  return names
    .toSorted()
    .map(name => join(folder, name))
    .filter(path => !path.startsWith(probes))
}
