/** For tests: reads configuration files that are written as literals. */
import { readConfiguration } from '../read.ts'
import type { ReadOptions } from '../read.ts'
import type { ClassifiedKey, Configuration } from '../configuration.ts'

export function read(files: Record<string, string>, options: Partial<ReadOptions> = {}): Configuration {
  const sources = Object.entries(files).map(([name, text]) => ({ name, text }))
  return readConfiguration(sources, options)
}

/** The error of `read`; undefined when it succeeds. */
export function refused(files: Record<string, string>, options: Partial<ReadOptions> = {}): unknown {
  try {
    read(files, options)
  } catch (error) {
    return error
  }
  return undefined
}

/** Values by `place.name`. */
export const settings = (configuration: Configuration) =>
  Object.fromEntries(configuration.settings.map(({ place, name, value }) => [`${place}.${name}`, value]))
export const key = (configuration: Configuration, name: string): ClassifiedKey | undefined =>
  configuration.keys.find(found => found.key === name)
/** Verdict, line and reason of a key. */
export const verdict = (configuration: Configuration, name: string) => {
  const found = key(configuration, name)
  return found && [found.verdict, found.line, found.reason ?? '']
}
