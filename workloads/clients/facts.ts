/**
 * What is known about a client library, as pure data. The planner refuses settings that the library cannot honour
 * before anything starts, and docs/clients.md is generated from it.
 */
import type { Handling, Sending, Settings, SettingValue, Workload } from '../../model/plan.ts'
import type { PayloadFormat } from '../payload-format.ts'

export interface ClientSetting {
  /** What the library calls the setting, or what the adapter does about it. */
  maps: string
  /** Returns why a value is wrong, or undefined. */
  check: (value: SettingValue) => string | undefined
}

export type Role = 'producer' | 'consumer'
export type SettingMap = ReadonlyMap<string, ClientSetting>

/** What surrounds a client of one role: the application that uses it, and the cluster that it connects to. */
export interface Application {
  /** The scenario's settings under `cluster`. */
  cluster?: Settings
  sending?: Sending
  handling?: Handling
  workload?: Workload
  /** Settings that only this client has. */
  own?: Settings
}

export interface ClientFacts {
  /** Id of the system that the library is a client of. */
  system: string
  /** The library and its version, for people. */
  title: string
  /** `command`: a program of the user's, which the harness starts and whose output it reads. */
  runsIn: 'node' | 'container' | 'command'
  /** How to install it, where it does not come with the project. */
  install?: string
  /** Settings under the names that the system documents for its Java client. A missing role is not supported. */
  settings: Partial<Record<Role, SettingMap>>
  /** Settings that only this library has, as it spells them. A scenario sets them under `client:`. */
  own: SettingMap
  /** Takes settings of every name and passes them on as they are. */
  passesSettings?: true
  /** What its messages contain, by its own settings; absent: the payload of the harness. */
  payload?: (own: Settings) => PayloadFormat
  /** One send call can go to several partitions, with one message for each. */
  spreads?: true
  /** Its producers can give messages a header. */
  headers?: true
  /** Its consumers can have several workers behind a queue. */
  pools?: true
  /**
   * Returns why settings that are each valid must not be combined, or what an application around this client cannot do;
   * undefined when nothing is wrong.
   */
  conflict?: (role: Role, settings: Settings, application: Application) => string | undefined
  /**
   * Which results of an attempt count as which answer, in words. The code is in `answers.ts` of the client's folder.
   */
  answers: Readonly<Record<'acked' | 'rejected' | 'unknown', string>>
  /** How the client consumes and commits, in words, one paragraph each. Empty for a client that only produces. */
  consuming: readonly string[]
}

export const oneOf =
  (...words: SettingValue[]) =>
  (value: SettingValue) =>
    words.some(word => String(word) === String(value))
      ? undefined
      : `expected one of ${words.join(', ')}, got ${String(value)}`
export const wholeNumber = (value: SettingValue) =>
  Number.isInteger(value) && Number(value) >= 0 ? undefined : `expected a whole number, got ${JSON.stringify(value)}`
export const positive = (value: SettingValue) =>
  typeof value === 'number' && value > 0 ? undefined : `expected a number above 0, got ${JSON.stringify(value)}`
export const flag = oneOf(true, false)
export const setting = (name: string, maps: string, check: ClientSetting['check']): [string, ClientSetting] => [
  name,
  { maps, check },
]
