/** Reads configuration files from the disk, with a clear error for everything that is not one. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { LossproofError, messageOf } from '../../../model/errors.ts'
import { nearest } from '../../../model/nearest.ts'
import type { SourceText } from './documents.ts'

/** Real configuration files are far smaller. */
const maxBytes = 1_048_576

/** Throws LossproofError('usage') that names the file and says what was found instead of a configuration file. */
export function readSource(path: string): SourceText {
  const { size } = regularFile(path)
  if (size > maxBytes)
    throw new LossproofError(
      'usage',
      `${path}: ${(size / 1_048_576).toFixed(1)} MiB; configuration files are at most 1 MiB`,
    )
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    throw new LossproofError('usage', `${path}: cannot be read: ${messageOf(error)}`, { cause: error })
  }
  const text = decode(bytes)
  if (text === undefined)
    throw new LossproofError('usage', `${path}: a binary file, not a configuration file`, {
      hint: 'give the text files that configure brokers, producers and consumers',
    })
  if (text.trim() === '') throw new LossproofError('usage', `${path}: the file is empty`)
  return { name: path, text }
}

/**
 * The files, and those that they name as mounted into a container, such as the broker.conf of a docker-compose file, when
 * they exist beside it. `mentions` returns the names that a set of sources contains.
 */
export function withMentioned(
  sources: readonly SourceText[],
  mentions: (sources: readonly SourceText[]) => { file: string; path: string }[],
): SourceText[] {
  const known = new Set(sources.map(({ name }) => resolve(name)))
  const paths = mentions(sources).map(({ file, path }) => join(dirname(file), path))
  const found = [...new Set(paths)].filter(path => !known.has(resolve(path)) && existsSync(path))
  return [...sources, ...found.map(readSource)]
}

function regularFile(path: string): { size: number } {
  if (!existsSync(path)) {
    const folder = dirname(path)
    const word = existsSync(folder) ? nearest(basename(path), readdirSync(folder)) : undefined
    throw new LossproofError(
      'usage',
      `${path}: no such file`,
      word === undefined ? {} : { hint: `did you mean ${word}?` },
    )
  }
  const stat = statSync(path)
  if (stat.isDirectory()) {
    const files = readdirSync(path)
      .filter(name => /\.(?:properties|conf|ya?ml|json)$/.test(name))
      .slice(0, 5)
    throw new LossproofError('usage', `${path}: a folder; give the files in it`, {
      hint: files.length > 0 ? `for example ${files.join(', ')}` : 'it contains no configuration files',
    })
  }
  if (!stat.isFile()) throw new LossproofError('usage', `${path}: not a regular file`)
  return stat
}

/** UTF-8, or ISO 8859-1 as older properties files are; undefined for binary data. A byte order mark is removed. */
function decode(bytes: Buffer): string | undefined {
  if (bytes.includes(0)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    const text = bytes.toString('latin1')
    // oxlint-disable-next-line no-control-regex -- the expression looks for control characters
    return /[\u0001-\u0008\u000e-\u001f\u007f-\u009f]/.test(text) ? undefined : text
  }
}
