/** Chromium for the tests of the report page: found, else (root on a Debian-like system) installed. Users of the tool need none. */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { isDebianLike, isRoot, runCommand } from '../../../docker/engine/host.ts'
import { LossproofError } from '../../../model/errors.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** `LOSSPROOF_CHROMIUM` names one that is elsewhere. */
export function findChromium(): string | undefined {
  const named = process.env['LOSSPROOF_CHROMIUM']
  if (named !== undefined) return existsSync(named) ? named : undefined
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return names.flatMap(name => folders.map(folder => join(folder, name))).find(path => existsSync(path))
}

/** Throws LossproofError('capability-missing') that says how to get one. */
export async function ensureChromium(say: (line: string) => void): Promise<string> {
  const found = findChromium()
  if (found !== undefined) return found
  if (process.env['LOSSPROOF_CHROMIUM'] === undefined && isRoot() && isDebianLike()) {
    say('installing chromium with apt-get: the tests of the report page need one')
    const quiet = () => {}
    await runCommand('apt-get', ['update', '-q'], quiet)
    await runCommand('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], quiet)
    const installed = findChromium()
    if (installed !== undefined) return installed
  }
  throw new LossproofError(
    'capability-missing',
    'the tests of the report page need Chromium or Chrome, and there is none',
    { hint: 'install one (Debian: apt-get install chromium), or name it in LOSSPROOF_CHROMIUM' },
  )
}
