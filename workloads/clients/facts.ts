/**
 * What is known of a client library, as pure data: the planner refuses what it cannot honour before anything starts,
 * and docs/clients.md is made from it. Settings are Kafka's documented (Java) names; `own` are settings that only this
 * library has, as it spells them, for `client:` in a scenario.
 */
import type { Handling, Sending, Settings, SettingValue } from '../../model/plan.ts'

export interface ClientSetting {
  /** How the library calls it, or what the adapter does about it. */
  maps: string
  check: (value: SettingValue) => string | undefined
}

export type Role = 'producer' | 'consumer'
export type SettingMap = ReadonlyMap<string, ClientSetting>

/** What the application around the client does, each for its own role; and the cluster that it meets. */
export interface Application {
  /** Settings of the place `cluster`. */
  cluster?: Settings
  sending?: Sending
  handling?: Handling
}

export interface ClientFacts {
  system: 'kafka' | 'rocketmq'
  /** For people: the library and its version. */
  title: string
  runsIn: 'node' | 'container'
  /** How to get it, where it does not come with the project. */
  install?: string
  settings: Partial<Record<Role, SettingMap>>
  own: SettingMap
  /** One send call can go to several partitions, with one message for each. */
  spreads?: true
  /** Settings that are fine alone and wrong together, and what an application around this client cannot do. */
  conflict?: (role: Role, settings: Settings, application: Application) => string | undefined
  /** Which ends of an attempt count as what, in words; the code is `answers.ts` of the client's folder. */
  answers: Readonly<Record<'acked' | 'rejected' | 'unknown', string>>
  /** How it consumes and commits, in words: a paragraph each. */
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

export const acks = oneOf(0, 1, 'all', -1)
export const offsetReset = oneOf('earliest', 'latest')
export const isolation = oneOf('read_committed', 'read_uncommitted')

export function acksConflict({ acks: value = 'all' }: Settings): string | undefined {
  return value === 'all' || Number(value) === -1 ? undefined : `enable.idempotence needs acks=all, got ${String(value)}`
}

export function heartbeatConflict(settings: Settings, defaultSessionMs: number): string | undefined {
  const heartbeat = Number(settings['heartbeat.interval.ms'] ?? 3000)
  const session = Number(settings['session.timeout.ms'] ?? defaultSessionMs)
  return heartbeat < session
    ? undefined
    : `heartbeat.interval.ms (${heartbeat}) must be below session.timeout.ms (${session})`
}
