/** The place `workload` of a cell → the load, and the behaviour of the producing and the consuming application. */
import type { Handling, Sending, Workload } from '../../../model/workload.ts'
import { refusal } from '../../../model/setting-rule.ts'
import type { Settings } from '../../../model/settings.ts'
import type { PlanningFacts } from '../../../systems/shared/planning.ts'
import type { ScenarioSource } from '../scenario/source.ts'
import { parseStatuses, smallestPayload, workloadSettings } from './settings.ts'
import { planTags } from './tags.ts'

const defaultSlowMs = 5000

export interface PlannedWorkload {
  workload: Workload
  sending: Sending
  handling: Handling
  /** Members of the consumer group. */
  instances: number
  /** What each of them subscribes to; absent: everything. */
  subscriptions?: string[]
}

/**
 * `given`: the settings of the place `workload` of one cell; `consumer`: the settings of its consumer. Throws
 * LossproofError('scenario') for values that are not accepted and for settings that contradict each other.
 */
export function planWorkload(
  source: ScenarioSource,
  system: { label: string; planning: PlanningFacts },
  given: Settings,
  consumer: Settings,
): PlannedWorkload {
  const values = acceptedValues(source, system, given)
  const number = (name: string, otherwise: number) => Number(values.get(name) ?? otherwise)
  const optional = (name: 'messages' | 'keys' | 'poisonEvery') =>
    values.has(name) ? { [name]: Number(values.get(name)) } : {}
  const chosen = <T extends string>(name: string, words: readonly T[], otherwise: T) =>
    words.find(known => known === values.get(name)) ?? otherwise
  const sizeBytes = number('size', 100)
  if (sizeBytes < smallestPayload)
    throw source.settingError(
      'workload.size',
      `workload.size: expected at least ${smallestPayload}B, because the payload holds lane, number and checksum`,
    )
  const onPoison = chosen(
    'onPoison',
    ['swallow', 'throw', 'throw-type-error', 'reconsume-later', 'return-null', 'park'],
    'throw',
  )
  const instances = number('consumers', 1)
  const { tags, subscriptions } = planTags(source, values, instances)
  return {
    workload: {
      ratePerSec: number('rate', 100),
      sizeBytes,
      batch: number('batch', 1),
      spread: values.get('spread') === true,
      maxInFlight: number('maxInFlight', 1024),
      ...optional('messages'),
      ...optional('keys'),
      ...optional('poisonEvery'),
      ...(tags ? { tags } : {}),
    },
    sending: {
      ...unawaited(source, values),
      attempts: number('attempts', 1),
      backoffMs: number('backoff', 200),
      spool: chosen('spool', ['none', 'after-failure', 'write-ahead'], 'none'),
      ackedWhen: parseStatuses(String(values.get('ackedWhen') ?? 'SEND_OK')) ?? ['SEND_OK'],
    },
    handling: {
      commit: commitOf(source, values.get('commit'), consumer),
      commitCall: chosen('commitCall', ['sync', 'async'], 'sync'),
      unit: chosen('unit', ['message', 'batch'], 'message'),
      processing: chosen('processing', ['inline', 'worker'], 'inline'),
      processMs: number('processTime', 0),
      ...(values.has('slowEvery')
        ? { slowEvery: Number(values.get('slowEvery')), slowMs: number('slowTime', defaultSlowMs) }
        : {}),
      ...poolOf(source, values),
      ...optional('poisonEvery'),
      onPoison,
      attempts: number('handlerAttempts', onPoison === 'park' ? 3 : 1),
      idempotent: values.get('idempotent') === true,
    },
    instances,
    ...(subscriptions ? { subscriptions } : {}),
  }
}

/** What an application that does not look at answers, or does not close its client, cannot do. */
function unawaited(
  source: ScenarioSource,
  values: ReadonlyMap<string, string | number | boolean>,
): Pick<Sending, 'awaits' | 'closes'> {
  const closes = values.get('closes') === false ? { closes: false as const } : {}
  if (values.get('awaits') !== false) return closes
  for (const [name, without] of [
    ['attempts', 1],
    ['spool', 'none'],
  ] as const)
    if ((values.get(name) ?? without) !== without)
      throw source.settingError(
        `workload.${name}`,
        `workload.${name} needs the answers to sends, and workload.awaits: false looks at none`,
      )
  return { awaits: false, ...closes }
}

/** The workers behind the queue. A commit point is a choice only where several of them work at the same time. */
function poolOf(
  source: ScenarioSource,
  values: ReadonlyMap<string, string | number | boolean>,
): Pick<Handling, 'workers' | 'commitPoint'> {
  const workers = Number(values.get('workers') ?? 1)
  const isPool = workers > 1 && values.get('processing') === 'worker'
  if (workers > 1 && !isPool)
    throw source.settingError('workload.workers', 'workload.workers: several workers need workload.processing: worker')
  const point = values.get('commitPoint')
  if (point !== undefined && !(isPool && values.get('commit') === 'after'))
    throw source.settingError(
      'workload.commitPoint',
      'workload.commitPoint needs workload.commit: after and workload.workers of at least 2',
    )
  return {
    ...(isPool ? { workers } : {}),
    ...(point === 'highest' || point === 'contiguous' ? { commitPoint: point } : {}),
  }
}

/** The values that the scenario gives, each accepted by its rule and by the system. */
function acceptedValues(
  source: ScenarioSource,
  { label, planning }: { label: string; planning: PlanningFacts },
  given: Settings,
): Map<string, string | number | boolean> {
  const values = new Map<string, string | number | boolean>()
  for (const [name, value] of Object.entries(given)) {
    const ignored = planning.ignoredWorkload[name]
    if (ignored !== undefined)
      throw source.settingError(`workload.${name}`, `workload.${name} has no effect on ${label}: ${ignored}`)
    if (value === null) continue
    const rule = workloadSettings[name]
    const parsed = rule?.parse(value)
    if (rule === undefined || parsed === undefined)
      throw source.settingError(
        `workload.${name}`,
        `workload.${name}: ${rule === undefined ? 'unknown setting' : refusal(rule, value)}`,
      )
    values.set(name, parsed)
  }
  const onPoison = values.get('onPoison')
  if (onPoison !== undefined && !planning.onPoison.some(word => word === onPoison))
    throw source.settingError(
      'workload.onPoison',
      `workload.onPoison: a consumer of ${label} does not support ${String(onPoison)}`,
      { hint: `one of ${planning.onPoison.join(', ')}` },
    )
  return values
}

/** When the consumer commits. A commit by the application needs the client's own commits to be off. */
function commitOf(source: ScenarioSource, given: unknown, consumer: Settings): Handling['commit'] {
  const autoCommit = String(consumer['enable.auto.commit'] ?? '')
  if (given !== 'before' && given !== 'after')
    return given === undefined && autoCommit === 'false' ? 'after' : 'library'
  if (autoCommit === 'true')
    throw source.settingError(
      'workload.commit',
      `workload.commit: ${given} contradicts consumer.enable.auto.commit: true`,
      { hint: 'remove one of them; workload.commit: before or after switches auto commit off' },
    )
  return given
}
