/** The scenarios that ship with Lossproof. */
import { readdirSync } from 'node:fs'
import { dirname, extname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const shippedFolder = fileURLToPath(new URL('../../../scenarios', import.meta.url))
const endings = new Set(['.yaml', '.yml'])
/** The probes of `lossproof audit` are no scenarios: they lack the settings. */
const probes = join(shippedFolder, 'audit')

/** Every scenario file below a folder, sorted. */
export function yamlIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => endings.has(extname(name)))
  return names
    .toSorted()
    .map(name => join(folder, name))
    .filter(path => !path.startsWith(probes))
}

/** `claims/x/acks` for the file of a shipped scenario. */
export const shippedName = (file: string): string => relative(shippedFolder, file).replace(/\.ya?ml$/, '')

/** Every name that commands take for a shipped scenario, or for a folder of them. */
export function shippedNames(): string[] {
  const names = yamlIn(shippedFolder).flatMap(file => [dirname(relative(shippedFolder, file)), shippedName(file)])
  const folders = names.flatMap(name => name.split('/').map((_, at, parts) => parts.slice(0, at + 1).join('/')))
  return [...new Set(folders)].filter(name => name !== '.')
}
