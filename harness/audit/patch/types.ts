/** What a patch of the user's files changes. */
import type { SettingValue } from '../../../model/settings.ts'

export interface Change {
  /** Settings that it changes, as `place.setting`. */
  names: string[]
  file: string
  /** Of the changed line; of the line before an added one. */
  line: number
  /** The line before the change, without its indentation. Absent for an added line. */
  before?: string
  after: string
}

export interface NotPatched {
  /** `place.setting` */
  name: string
  value: SettingValue
  /** Why, and what to do instead. */
  reason: string
}

export interface Patch {
  /** Unified diff of all files; empty when nothing changes. */
  diff: string
  /** New texts of the changed files, by name. */
  files: Map<string, string>
  changes: Change[]
  notPatched: NotPatched[]
}
