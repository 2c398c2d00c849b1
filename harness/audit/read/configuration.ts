/** What was read from configuration files: the base of an audit and of a generated scenario. */
import type { Settings, SettingValue } from '../../../model/plan.ts'
import type { SettingPlace } from '../../../systems/shared/config-files/types.ts'

/**
 * What became of a key. `used`: part of the test. `shape`: describes the nodes of the cluster. `replaced`: the test needs
 * another value. `no-effect`: cannot change what is lost. `unsupported`: the client library of the test cannot honour it.
 * `unknown`: not a setting of this version. `invalid`: a setting with a value that the system does not accept.
 */
export type KeyVerdict = 'used' | 'shape' | 'replaced' | 'no-effect' | 'unsupported' | 'unknown' | 'invalid'

/** A place in a file that the user gave. */
export interface FileLine {
  file: string
  line: number
}

export interface ClassifiedKey extends FileLine {
  /** As the file spells it. */
  key: string
  value: SettingValue
  verdict: KeyVerdict
  /** Where it belongs and its documented name; absent for keys that are not settings. */
  place?: SettingPlace
  name?: string
  /** Why it is not used, or what to write instead. */
  reason?: string
  /** Why the value is dangerous by itself, and the documentation that says so. */
  danger?: { why: string; source: string }
}

/** A setting of the test. Without a file it is an assumption. */
export interface PlacedSetting {
  place: SettingPlace
  name: string
  value: SettingValue
  from?: FileLine
}

export interface FileSummary {
  file: string
  /** The system and the format, for people. */
  label: string
  keys: number
  used: number
}

export interface Configuration {
  system: string
  version: string
  /** Id of the client library that the test uses. */
  client: string
  /** Name of the topic that the files describe, when they name one. */
  topic: string | undefined
  files: FileSummary[]
  /** Settings of the place `cluster`. */
  cluster: Settings
  settings: PlacedSetting[]
  keys: ClassifiedKey[]
  /** What the files do not say, and what is assumed instead. */
  assumptions: string[]
  notes: (FileLine & { text: string })[]
  /** Other configuration files that these files name. */
  mentions: (FileLine & { path: string })[]
}
