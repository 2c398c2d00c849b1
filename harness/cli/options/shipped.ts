/** The scenarios that ship with Lossproof. */
import { readdirSync } from 'node:fs'
import { dirname, extname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LossproofError } from '../../../model/errors.ts'

export const shippedFolder = fileURLToPath(new URL('../../../scenarios', import.meta.url))
const endings = new Set(['.yaml', '.yml'])
/** The probes of `lossproof audit` are no scenarios: they lack the settings. */
const probes = join(shippedFolder, 'audit')
const mostEntries = 10_000

/**
 * Every scenario file below a folder, sorted. Links to folders are left out: they may lead around in circles. Throws
 * LossproofError('usage') for a folder with very many files.
 */
export function yamlIn(folder: string): string[] {
  const found: string[] = []
  const open = [folder]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name)
      if (endings.has(extname(entry.name))) found.push(path)
      else if (entry.isDirectory()) open.push(path)
    }
    if (found.length + open.length > mostEntries)
      throw new LossproofError('usage', `${folder} has more than ${mostEntries} files and folders; name the scenarios`)
  }
  return found.filter(path => !path.startsWith(probes)).toSorted()
}

/** `claims/x/acks` for the file of a shipped scenario. */
export const shippedName = (file: string): string => relative(shippedFolder, file).replace(/\.ya?ml$/, '')

/** Every name that commands take for a shipped scenario, or for a folder of them. */
export function shippedNames(): string[] {
  const names = yamlIn(shippedFolder).flatMap(file => [dirname(relative(shippedFolder, file)), shippedName(file)])
  const folders = names.flatMap(name => name.split('/').map((_, at, parts) => parts.slice(0, at + 1).join('/')))
  return [...new Set(folders)].filter(name => name !== '.')
}
