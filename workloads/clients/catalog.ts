/**
 * What each client library honours, as pure data: the planner refuses the rest before anything starts, and the docs
 * are made from it. Settings are Kafka's documented (Java) names; the adapter maps them.
 */
import type { SettingValue } from '../../harness/plan/types.ts'

export interface ClientSetting {
  /** How the library calls it, or what the adapter does about it. */
  maps: string
  check: (value: SettingValue) => string | undefined
}

type Role = 'producer' | 'consumer'

interface ClientFacts {
  system: 'kafka' | 'rocketmq'
  settings: Partial<Record<Role, ReadonlyMap<string, ClientSetting>>>
}

const oneOf = (...words: SettingValue[]) => (value: SettingValue) =>
  words.some(word => String(word) === String(value)) ? undefined : `expected one of ${words.join(', ')}, got ${String(value)}`
const wholeNumber = (value: SettingValue) =>
  Number.isInteger(value) && Number(value) >= 0 ? undefined : `expected a whole number, got ${JSON.stringify(value)}`
const flag = oneOf(true, false)

const kafkajsProducer = new Map<string, ClientSetting>([
  ['acks', { maps: 'send({ acks }): 0, 1, -1 for all', check: oneOf(0, 1, 'all', -1) }],
  ['enable.idempotence', { maps: 'producer({ idempotent }); sends are then serial per partition', check: flag }],
  ['retries', { maps: 'retry.retries', check: wholeNumber }],
  ['retry.backoff.ms', { maps: 'retry.initialRetryTime', check: wholeNumber }],
  ['retry.backoff.max.ms', { maps: 'retry.maxRetryTime', check: wholeNumber }],
  ['request.timeout.ms', { maps: 'requestTimeout, and the timeout that a produce request carries', check: wholeNumber }],
  ['socket.connection.setup.timeout.ms', { maps: 'connectionTimeout', check: wholeNumber }],
  ['max.in.flight.requests.per.connection', { maps: 'producer({ maxInFlightRequests })', check: wholeNumber }],
  ['metadata.max.age.ms', { maps: 'producer({ metadataMaxAge })', check: wholeNumber }],
  ['compression.type', { maps: 'send({ compression })', check: oneOf('none', 'gzip') }],
])

const kafkajsConsumer = new Map<string, ClientSetting>([
  ['auto.offset.reset', { maps: 'subscribe({ fromBeginning })', check: oneOf('earliest', 'latest') }],
  ['enable.auto.commit', { maps: 'run({ autoCommit })', check: flag }],
  ['auto.commit.interval.ms', { maps: 'run({ autoCommitInterval })', check: wholeNumber }],
  ['session.timeout.ms', { maps: 'consumer({ sessionTimeout })', check: wholeNumber }],
  ['heartbeat.interval.ms', { maps: 'consumer({ heartbeatInterval })', check: wholeNumber }],
  ['max.poll.interval.ms', { maps: 'consumer({ rebalanceTimeout })', check: wholeNumber }],
])

const clients: Record<string, ClientFacts> = {
  kafkajs: { system: 'kafka', settings: { producer: kafkajsProducer, consumer: kafkajsConsumer } },
}

/** Clients that can play `role` on `system`. */
export function clientIds(system: string, role: Role): string[] {
  return Object.entries(clients).flatMap(([id, facts]) => (facts.system === system && facts.settings[role] ? [id] : []))
}

export function settingsOf(client: string, role: Role): ReadonlyMap<string, ClientSetting> {
  return clients[client]?.settings[role] ?? new Map()
}
