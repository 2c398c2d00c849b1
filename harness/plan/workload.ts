/** Settings of the place `workload`: the load itself, and what the applications around the clients do. */
import type { ScenarioSource } from './scenario/source.ts'
import { sendStatuses } from '../../model/plan.ts'
import type { Handling, Sending, Settings, SettingValue, Workload } from '../../model/plan.ts'
import { parseDuration, parseRate, parseSize } from './scenario/units.ts'

interface WorkloadSetting {
  doc: string
  /** What it means; undefined for a value that makes no sense. */
  parse: (value: SettingValue) => string | number | boolean | undefined
  /** For errors. */
  form: string
}

const whole = (least: number): Pick<WorkloadSetting, 'parse' | 'form'> => ({
  parse: value => (Number.isInteger(value) && Number(value) >= least ? Number(value) : undefined),
  form: `a whole number from ${least}`,
})
const word = (...words: string[]): Pick<WorkloadSetting, 'parse' | 'form'> => ({
  parse: value => words.find(known => known === value),
  form: `one of ${words.join(', ')}`,
})
const quantity = (
  parse: (value: string | number) => number | undefined,
  example: string,
): Pick<WorkloadSetting, 'parse' | 'form'> => ({
  parse: value => (typeof value === 'string' || typeof value === 'number' ? parse(value) : undefined),
  form: `a quantity such as ${example}`,
})
const flag: Pick<WorkloadSetting, 'parse' | 'form'> = {
  parse: value => (typeof value === 'boolean' ? value : undefined),
  form: 'true or false',
}

const statuses: Pick<WorkloadSetting, 'parse' | 'form'> = {
  parse: value =>
    typeof value === 'string' && statusesIn(value).length === value.split(',').length ? value : undefined,
  form: `one or more of ${sendStatuses.join(', ')}, parted by commas`,
}

const smallestPayload = 64

function statusesIn(text: string): Sending['ackedWhen'] {
  return text.split(',').flatMap(part => sendStatuses.find(status => status === part.trim()) ?? [])
}

export const workloadSettings: Readonly<Record<string, WorkloadSetting>> = {
  rate: { doc: 'messages a second of each lane (`100/s`)', ...quantity(parseRate, '200/s') },
  size: { doc: 'payload (`100B`), at least 64B: lane, number and checksum are in it', ...quantity(parseSize, '100B') },
  batch: { doc: 'messages in one send (1)', ...whole(1) },
  spread: {
    doc: 'a send goes to several partitions, a message each, in one call of the library (false); kafkajs alone',
    ...flag,
  },
  maxInFlight: { doc: 'sends under way at once in a lane (1024)', ...whole(1) },
  messages: { doc: 'stop after so many', ...whole(1) },
  attempts: {
    doc: 'times that the producing application sends a message, beyond what the client does by itself (1)',
    ...whole(1),
  },
  backoff: { doc: 'between two of them (`200ms`)', ...quantity(parseDuration, '200ms') },
  spool: {
    doc: "the producing application's local store: `none`, `after-failure` (written when all attempts failed) or `write-ahead` (before the first)",
    ...word('none', 'after-failure', 'write-ahead'),
  },
  ackedWhen: {
    doc: 'RocketMQ: send statuses that count as acknowledged, parted by commas (`SEND_OK`); the others are unknown',
    ...statuses,
  },
  consumers: { doc: 'members of the consumer group (1)', ...whole(1) },
  commit: {
    doc: "who commits: `library` (the client's auto commit), or the application `before` or `after` it processes; `after` where `consumer.enable.auto.commit` is false, else `library`",
    ...word('library', 'before', 'after'),
  },
  commitCall: {
    doc: 'whether the application waits for the answer to its commit: `sync` or `async` (`sync`)',
    ...word('sync', 'async'),
  },
  unit: { doc: 'what one call of the handler gets: a `message` or a `batch` (`message`)', ...word('message', 'batch') },
  processing: {
    doc: '`inline`, or `worker`: the handler returns at once and the work is done later (`inline`)',
    ...word('inline', 'worker'),
  },
  processTime: { doc: 'how long the work on a message takes (`0ms`)', ...quantity(parseDuration, '20ms') },
  poisonEvery: { doc: 'the handler fails on every so many-th message (never)', ...whole(2) },
  onPoison: {
    doc: 'and when it has failed for the last time: `swallow` (go on as if nothing had happened), `throw`, `throw-type-error` (Kafka), `reconsume-later` or `return-null` (RocketMQ), or `park` (store, alert, go on)',
    ...word('swallow', 'throw', 'throw-type-error', 'reconsume-later', 'return-null', 'park'),
  },
  handlerAttempts: {
    doc: 'times that the handler tries a message (1; with `park` 3); on RocketMQ once for each delivery',
    ...whole(1),
  },
  idempotent: { doc: 'effects go through a store keyed by message number (false)', ...flag },
}

export interface PlannedWorkload {
  workload: Workload
  sending: Sending
  handling: Handling
  instances: number
}

/** `given`: the place `workload` of one cell; `consumer`: the settings of its consumer. Throws LossproofError('scenario'). */
export function planWorkload(source: ScenarioSource, given: Settings, consumer: Settings): PlannedWorkload {
  const values = new Map<string, string | number | boolean>()
  for (const [name, value] of Object.entries(given)) {
    if (value === null) continue
    const parsed = workloadSettings[name]?.parse(value)
    if (parsed === undefined)
      throw source.error(
        ['workload', name],
        `workload.${name}: expected ${workloadSettings[name]?.form ?? 'a known setting'}, got ${JSON.stringify(value)}`,
      )
    values.set(name, parsed)
  }
  const number = (name: string, otherwise: number) => Number(values.get(name) ?? otherwise)
  const optional = (name: string, key: 'messages' | 'poisonEvery') =>
    values.has(name) ? { [key]: Number(values.get(name)) } : {}
  const chosen = <T extends string>(name: string, words: readonly T[], otherwise: T) =>
    words.find(known => known === values.get(name)) ?? otherwise
  const sizeBytes = number('size', 100)
  if (sizeBytes < smallestPayload)
    throw source.error(
      ['workload'],
      `workload.size: at least ${smallestPayload}B, since lane, number and checksum are in it`,
    )
  const autoCommit = consumer['enable.auto.commit']
  const commit = chosen('commit', ['library', 'before', 'after'], String(autoCommit) === 'false' ? 'after' : 'library')
  if (commit !== 'library' && String(autoCommit) === 'true')
    throw source.error(
      ['workload'],
      `workload.commit: ${commit} and consumer.enable.auto.commit: true exclude each other`,
    )
  const onPoison = chosen(
    'onPoison',
    ['swallow', 'throw', 'throw-type-error', 'reconsume-later', 'return-null', 'park'],
    'throw',
  )
  const poison = optional('poisonEvery', 'poisonEvery')
  return {
    workload: {
      ratePerSec: number('rate', 100),
      sizeBytes,
      batch: number('batch', 1),
      spread: values.get('spread') === true,
      maxInFlight: number('maxInFlight', 1024),
      ...optional('messages', 'messages'),
      ...poison,
    },
    sending: {
      attempts: number('attempts', 1),
      backoffMs: number('backoff', 200),
      spool: chosen('spool', ['none', 'after-failure', 'write-ahead'], 'none'),
      ackedWhen: statusesIn(String(values.get('ackedWhen') ?? 'SEND_OK')),
    },
    handling: {
      commit,
      commitCall: chosen('commitCall', ['sync', 'async'], 'sync'),
      unit: chosen('unit', ['message', 'batch'], 'message'),
      processing: chosen('processing', ['inline', 'worker'], 'inline'),
      processMs: number('processTime', 0),
      ...poison,
      onPoison,
      attempts: number('handlerAttempts', onPoison === 'park' ? 3 : 1),
      idempotent: values.get('idempotent') === true,
    },
    instances: number('consumers', 1),
  }
}
