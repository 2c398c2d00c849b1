/**
 * What each client library honours, as pure data: the planner refuses the rest before anything starts, and the docs
 * are made from it. Settings are Kafka's documented (Java) names, which the adapter maps; `own` are settings that only
 * this library has, as it spells them, for `client:` in a scenario.
 */
import type { Handling, Settings, SettingValue } from '../../harness/plan/types.ts'

export interface ClientSetting {
  /** How the library calls it, or what the adapter does about it. */
  maps: string
  check: (value: SettingValue) => string | undefined
}

type Role = 'producer' | 'consumer'
type SettingMap = ReadonlyMap<string, ClientSetting>

interface ClientFacts {
  system: 'kafka' | 'rocketmq'
  settings: Partial<Record<Role, SettingMap>>
  own: SettingMap
  /** Settings that are fine alone and wrong together. */
  conflict?: (role: Role, settings: Settings, handling?: Handling) => string | undefined
}

const oneOf = (...words: SettingValue[]) => (value: SettingValue) =>
  words.some(word => String(word) === String(value)) ? undefined : `expected one of ${words.join(', ')}, got ${String(value)}`
const wholeNumber = (value: SettingValue) =>
  Number.isInteger(value) && Number(value) >= 0 ? undefined : `expected a whole number, got ${JSON.stringify(value)}`
const positive = (value: SettingValue) => (typeof value === 'number' && value > 0 ? undefined : `expected a number above 0, got ${JSON.stringify(value)}`)
const flag = oneOf(true, false)
const setting = (name: string, maps: string, check: ClientSetting['check']): [string, ClientSetting] => [name, { maps, check }]

const acks = oneOf(0, 1, 'all', -1)
const compression = oneOf('none', 'gzip')
const offsetReset = oneOf('earliest', 'latest')
const isolation = oneOf('read_committed', 'read_uncommitted')

const kafkajs: ClientFacts = {
  system: 'kafka',
  settings: {
    producer: new Map([
      setting('acks', 'send({ acks }): 0, 1, -1 for all, which is the default', acks),
      setting('enable.idempotence', 'producer({ idempotent }), off by default; sends are then serial per partition', flag),
      setting('retries', 'producer({ retry: { retries } }), 5 by default, whether idempotent or not', wholeNumber),
      setting('retry.backoff.ms', 'producer({ retry: { initialRetryTime } }), 300 by default; doubled, with 20 % of chance', positive),
      setting('retry.backoff.max.ms', 'producer({ retry: { maxRetryTime } }), 30000 by default', positive),
      setting('request.timeout.ms', 'Kafka({ requestTimeout }) and send({ timeout }), 30000 by default', positive),
      setting('socket.connection.setup.timeout.ms', 'Kafka({ connectionTimeout }), 1000 by default', positive),
      setting('max.in.flight.requests.per.connection', 'producer({ maxInFlightRequests }), unlimited by default', positive),
      setting('metadata.max.age.ms', 'producer({ metadataMaxAge }), 300000 by default', wholeNumber),
      setting('compression.type', 'send({ compression })', compression),
    ]),
    consumer: new Map([
      setting('auto.offset.reset', 'subscribe({ fromBeginning }): earliest unless it says latest', offsetReset),
      setting('enable.auto.commit', 'run({ autoCommit }), on by default; off: commitOffsets after each message', flag),
      setting('auto.commit.interval.ms', 'run({ autoCommitInterval }); without it after each batch', wholeNumber),
      setting('session.timeout.ms', 'consumer({ sessionTimeout }), 30000 by default', positive),
      setting('heartbeat.interval.ms', 'consumer({ heartbeatInterval }), 3000 by default', positive),
      setting('max.poll.interval.ms', 'consumer({ rebalanceTimeout }), 60000 by default', positive),
      setting('fetch.max.wait.ms', 'consumer({ maxWaitTimeInMs }), 5000 by default', wholeNumber),
      setting('fetch.min.bytes', 'consumer({ minBytes })', positive),
      setting('fetch.max.bytes', 'consumer({ maxBytes })', positive),
      setting('max.partition.fetch.bytes', 'consumer({ maxBytesPerPartition })', positive),
      setting('isolation.level', 'consumer({ readUncommitted }), read_committed by default', isolation),
      setting('request.timeout.ms', 'Kafka({ requestTimeout }), 30000 by default', positive),
      setting('socket.connection.setup.timeout.ms', 'Kafka({ connectionTimeout }), 1000 by default', positive),
    ]),
  },
  own: new Map([
    setting('serialSends', 'ours: one send at a time a partition; on with enable.idempotence, off otherwise', flag),
    setting('requestTimeout', 'Kafka({ requestTimeout })', positive),
    setting('connectionTimeout', 'Kafka({ connectionTimeout })', positive),
    setting('enforceRequestTimeout', 'Kafka({ enforceRequestTimeout })', flag),
    setting('maxInFlightRequests', 'producer({ maxInFlightRequests })', positive),
    setting('metadataMaxAge', 'producer({ metadataMaxAge })', wholeNumber),
    setting('retry.retries', 'retry of producer and consumer', wholeNumber),
    setting('retry.initialRetryTime', 'retry of producer and consumer', positive),
    setting('retry.maxRetryTime', 'retry of producer and consumer', positive),
    setting('retry.factor', 'retry of producer and consumer', positive),
    setting('retry.multiplier', 'retry of producer and consumer', positive),
    setting('maxWaitTimeInMs', 'consumer({ maxWaitTimeInMs })', wholeNumber),
    setting('minBytes', 'consumer({ minBytes })', positive),
    setting('maxBytes', 'consumer({ maxBytes })', positive),
    setting('maxBytesPerPartition', 'consumer({ maxBytesPerPartition })', positive),
    setting('autoCommitThreshold', 'run({ autoCommitThreshold })', positive),
    setting('partitionsConsumedConcurrently', 'run({ partitionsConsumedConcurrently })', positive),
  ]),
  conflict: (role, settings) => {
    if (role === 'consumer') return heartbeatConflict(settings, 30_000)
    if (String(settings['enable.idempotence']) !== 'true') return undefined
    if (settings['retries'] === 0) return 'kafkajs refuses an idempotent producer without retries'
    return acksConflict(settings)
  },
}

const platformatic: ClientFacts = {
  system: 'kafka',
  settings: {
    producer: new Map([
      setting('acks', 'send({ acks }); 1 by default, all when idempotent', acks),
      setting('enable.idempotence', 'Producer({ idempotent }), off by default; one request at a time a broker', flag),
      setting('retries', 'Producer({ retries }), 3 by default; up to 1 means without end when idempotent', wholeNumber),
      setting('retry.backoff.ms', 'Producer({ retryDelay }), 1000 by default, constant', wholeNumber),
      setting('request.timeout.ms', 'Producer({ timeout, requestTimeout }), 5000 and 30000 by default', positive),
      setting('socket.connection.setup.timeout.ms', 'Producer({ connectTimeout }), 5000 by default', positive),
      setting('max.in.flight.requests.per.connection', 'Producer({ maxInflights }), 5 by default, 1 when idempotent', positive),
      setting('metadata.max.age.ms', 'Producer({ metadataMaxAge }), 5000 by default', wholeNumber),
      setting('compression.type', 'Producer({ compression })', compression),
    ]),
    consumer: new Map([
      setting('auto.offset.reset', 'consume({ fallbackMode }): earliest unless it says latest', offsetReset),
      setting('enable.auto.commit', 'Consumer({ autocommit }), on by default: commits what entered the buffer; off: message.commit() after each', flag),
      setting('auto.commit.interval.ms', 'Consumer({ autocommit: interval }); without it after each fetch', positive),
      setting('session.timeout.ms', 'Consumer({ sessionTimeout }), 60000 by default', positive),
      setting('heartbeat.interval.ms', 'Consumer({ heartbeatInterval }), 3000 by default', positive),
      setting('max.poll.interval.ms', 'Consumer({ rebalanceTimeout }), 102000 by default', positive),
      setting('fetch.max.wait.ms', 'Consumer({ maxWaitTime }), 5000 by default', wholeNumber),
      setting('fetch.min.bytes', 'Consumer({ minBytes })', wholeNumber),
      setting('fetch.max.bytes', 'Consumer({ maxBytes })', positive),
      setting('isolation.level', 'Consumer({ isolationLevel }), read_committed by default', isolation),
      setting('request.timeout.ms', 'Consumer({ timeout, requestTimeout })', positive),
      setting('socket.connection.setup.timeout.ms', 'Consumer({ connectTimeout }), 5000 by default', positive),
    ]),
  },
  own: new Map([
    setting('repeatOnStaleMetadata', 'Producer({ repeatOnStaleMetadata }), on by default', flag),
    setting('timeout', 'timeout that a request carries', positive),
    setting('requestTimeout', 'requestTimeout of connections', positive),
    setting('highWaterMark', 'Consumer({ highWaterMark }): messages in the stream buffer, 1024 by default', positive),
  ]),
  conflict: (role, settings, handling) => {
    if (role === 'consumer' && handling?.unit === 'batch') return 'platformatic hands over messages one at a time: workload.unit: batch is not to be had'
    if (role === 'consumer') return heartbeatConflict(settings, 60_000)
    return String(settings['enable.idempotence']) === 'true' ? acksConflict(settings) : undefined
  },
}

const clients: Readonly<Record<string, ClientFacts>> = { kafkajs, platformatic }

/** Clients that can play `role` on `system`. */
export function clientIds(system: string, role: Role): string[] {
  return Object.entries(clients).flatMap(([id, facts]) => (facts.system === system && facts.settings[role] ? [id] : []))
}

/** What the client honours of the documented settings. */
export function settingsOf(client: string, role: Role): SettingMap {
  return clients[client]?.settings[role] ?? new Map()
}

/** The client's own settings, for both roles. */
export function ownSettingsOf(client: string): SettingMap {
  return clients[client]?.own ?? new Map()
}

/** Why the client would refuse these settings together, or undefined. */
export function conflictOf(client: string, role: Role, settings: Settings, handling?: Handling): string | undefined {
  return clients[client]?.conflict?.(role, settings, handling)
}

function acksConflict({ acks: value = 'all' }: Settings): string | undefined {
  return value === 'all' || Number(value) === -1 ? undefined : `enable.idempotence needs acks=all, got ${String(value)}`
}

function heartbeatConflict(settings: Settings, defaultSessionMs: number): string | undefined {
  const heartbeat = Number(settings['heartbeat.interval.ms'] ?? 3000)
  const session = Number(settings['session.timeout.ms'] ?? defaultSessionMs)
  return heartbeat < session ? undefined : `heartbeat.interval.ms (${heartbeat}) must be below session.timeout.ms (${session})`
}
