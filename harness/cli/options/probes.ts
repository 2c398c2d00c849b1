/** Finds the probes of a system, which ship with Lossproof. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LossproofError } from '../../../model/errors.ts'
import { nearest } from '../../../model/nearest.ts'
import { parseProbe } from '../../audit/probes/probe.ts'
import type { Probe } from '../../audit/probes/probe.ts'

const shipped = fileURLToPath(new URL('../../../scenarios/audit', import.meta.url))

/** In the order of their file names; empty for a system without probes. */
export function loadProbes(system: string): Probe[] {
  const folder = join(shipped, system)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter(name => extname(name) === '.yaml')
    .toSorted()
    .map(name =>
      parseProbe(
        basename(name, '.yaml'),
        `scenarios/audit/${system}/${name}`,
        readFileSync(join(folder, name), 'utf8'),
      ),
    )
}

/** Throws LossproofError('usage') for the first id that no probe has. */
export function refuseUnknownProbes(option: string, ids: readonly string[], probes: readonly Probe[]): void {
  const known = probes.map(({ id }) => id)
  const wrong = ids.find(id => !known.includes(id))
  if (wrong === undefined) return
  const word = nearest(wrong, known)
  throw new LossproofError('usage', `${option} ${wrong}: there is no such probe`, {
    hint: word === undefined ? `one of ${known.join(', ')}` : `did you mean "${word}"?`,
  })
}
