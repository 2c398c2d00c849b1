/** Finds scenario files by path or by name: `quick` is all files of scenarios/quick, `quick/<file>` one of them. */
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { basename, extname, join, relative } from 'node:path'
import { LossproofError, messageOf } from '../../../model/errors.ts'
import { nearest } from '../../../model/nearest.ts'
import { ScenarioSource } from '../../plan/scenario/source.ts'
import { shippedFolder, shippedNames, yamlIn } from './shipped.ts'
import { standardInput } from './standard-input.ts'

const longestName = 60
const mostBytes = 8 * 1024 * 1024

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
    return readUpTo(file === standardInput ? 0 : openSync(file, 'r'), mostBytes)
  } catch (error) {
    throw new LossproofError('usage', `scenario ${shownName(file)} cannot be read: ${messageOf(error)}`)
  }
}

/** Reads until the end of the file, which for a device may never come. */
function readUpTo(fd: number, most: number): string {
  const parts: Buffer[] = []
  try {
    for (let bytes = 0; ;) {
      const part = Buffer.alloc(65_536)
      const read = readSync(fd, part, 0, part.length, null)
      if (read === 0) return Buffer.concat(parts).toString('utf8')
      bytes += read
      if (bytes > most) throw new Error(`it is larger than ${most / 1024 / 1024} MiB; scenarios are smaller`)
      parts.push(part.subarray(0, read))
    }
  } finally {
    if (fd !== 0) closeSync(fd)
  }
}

function filesOf(word: string): string[] {
  if (word === standardInput) return [word]
  for (const base of [word, join(shippedFolder, word)]) {
    for (const path of [base, `${base}.yaml`, `${base}.yml`]) {
      if (!existsSync(path)) continue
      const files = statSync(path).isDirectory() ? yamlIn(path) : [path]
      if (files.length > 0) return files
    }
  }
  throw unknownScenario(word)
}

function unknownScenario(word: string): LossproofError {
  const known = shippedNames()
  const closest = nearest(word, known)
  return new LossproofError('usage', `unknown scenario "${word}": neither a file nor a name below scenarios/`, {
    hint: closest === undefined ? 'lossproof list prints the names' : `did you mean "${closest}"?`,
  })
}
