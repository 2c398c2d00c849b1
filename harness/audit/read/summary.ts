/** One line per file: its name, what it configures, how many settings it has and how many are used. */
import type { Configuration } from './configuration.ts'

export function summaryLines({ files }: Pick<Configuration, 'files'>): string[] {
  return files.map(
    ({ file, label, keys, used }) => `${file}: ${label}, ${keys} ${keys === 1 ? 'setting' : 'settings'}, ${used} used`,
  )
}
