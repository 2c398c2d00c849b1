/** The trigger of a step: what it waits for, and in which lanes. */
import type { Ability } from '../../../model/abilities.ts'
import { abilities } from '../../../model/abilities.ts'
import type { Trigger } from '../../../model/schedule.ts'
import type { ScenarioPath } from '../../../model/scenario-errors.ts'
import type { Settings } from '../../../model/settings.ts'
import { countedKeys, flightKeys } from '../../../model/trigger-words.ts'
import type { SystemFacts } from '../../../systems/shared/facts.ts'
import { ambiguousKey, matches, parseSelector } from '../matrix/matrix.ts'
import type { ScenarioTrigger } from '../scenario/schema.ts'
import type { ScenarioSource } from '../scenario/source.ts'
import { inRound, unknownWindow } from './windows.ts'

export const defaultLimitMs = 30_000

/** What the schedule needs to know about a lane of the trial. */
export interface ScheduledLane {
  id: string
  settings: Settings
  replicationFactor: number
  consumes: boolean
  app: boolean
}

export interface TriggerContext {
  system: SystemFacts
  lanes: ScheduledLane[]
  /** Windows that earlier steps have opened. */
  opened: string[]
  /** The round of the step's repeat. */
  round: number | undefined
}

const countKeys = [...countedKeys, ...flightKeys] as const
const consumerKeys: ReadonlySet<string> = new Set(['delivered', 'processed', 'committed', 'uncommitted', 'backlog'])
/** Those that only a consumer of the harness tells. */
const untold: ReadonlySet<string> = new Set(['delivered', 'uncommitted', 'backlog'])
/** Conditions without a number: as a scenario spells them, and as the plan does. */
const conditions = [
  ['leader-changed', 'leaderChanged'],
  ['offline', 'offline'],
  ['recovered', 'recovered'],
  ['flushed', 'flushed'],
  ['client-gone', 'clientGone'],
] as const
const needed: Partial<Record<(typeof conditions)[number][0], Ability>> = { flushed: 'flush-progress' }

export function planTrigger(
  source: ScenarioSource,
  after: ScenarioTrigger,
  path: ScenarioPath,
  context: TriggerContext,
): Trigger {
  const window = windowNamed(source, after, path, context)
  const counts = countKeys.flatMap(key => (after[key] === undefined ? [] : [[key, after[key]] as const]))
  const given = conditions.filter(([key]) => after[key] !== undefined)
  const { isr, elapsed } = after
  if (counts.length === 0 && given.length === 0 && isr === undefined && elapsed === undefined)
    throw source.error(path, 'the trigger waits for nothing', {
      hint: `one or more of ${[...countKeys, 'isr', ...conditions.map(([key]) => key), 'elapsed'].join(', ')}`,
    })
  for (const [key] of given) refuseInability(source, path, key, context.system)
  const lanes = lanesOf(source, after, path, context.lanes)
  refuseLargerIsr(source, after, path, lanes)
  return {
    ...Object.fromEntries(counts),
    ...Object.fromEntries(given.map(([, key]) => [key, true as const])),
    ...(window === undefined ? {} : { in: window }),
    ...(isr === undefined ? {} : { isr }),
    ...(elapsed === undefined ? {} : { elapsedMs: elapsed }),
    ...(after.since === undefined ? {} : { sinceLastStep: true }),
    lanes: lanes.map(lane => lane.id),
    limitMs: limitOf(source, after, path),
  }
}

/** Without a limit of its own, a trigger that waits for time to pass gets that time on top. */
function limitOf(source: ScenarioSource, { elapsed = 0, limit }: ScenarioTrigger, path: ScenarioPath): number {
  if (limit !== undefined && limit <= elapsed)
    throw source.error(path, `limit: ${limit} ms end before the ${elapsed} ms that "elapsed" waits for`, {
      key: 'limit',
    })
  return limit ?? elapsed + defaultLimitMs
}

function windowNamed(
  source: ScenarioSource,
  after: ScenarioTrigger,
  path: ScenarioPath,
  { opened, round }: TriggerContext,
): string | undefined {
  if (after.in === undefined) return undefined
  const window = [inRound(after.in, round), after.in].find(name => opened.includes(name))
  if (window === undefined) throw unknownWindow(source, [...path, 'in'], after.in, opened)
  if (after.since !== undefined)
    throw source.error(path, 'in and since contradict each other: both say where the counts start', { key: 'since' })
  return window
}

/** As many replicas in sync as no lane has would never be seen. */
function refuseLargerIsr(
  source: ScenarioSource,
  { isr }: ScenarioTrigger,
  path: ScenarioPath,
  lanes: readonly ScheduledLane[],
): void {
  const most = Math.max(...lanes.map(lane => lane.replicationFactor))
  if (typeof isr === 'number' && isr > most)
    throw source.error(path, `isr: ${isr}: no lane has so many replicas; at most ${most} can be in sync`, {
      key: 'isr',
    })
}

function refuseInability(
  source: ScenarioSource,
  path: ScenarioPath,
  key: (typeof conditions)[number][0],
  system: SystemFacts,
): void {
  const ability = needed[key]
  if (ability === undefined || system.abilities.includes(ability)) return
  throw source.error(path, `${system.label} does not support the trigger "${key}"`, {
    key,
    hint: `it is for systems where ${abilities[ability]}`,
  })
}

/**
 * The lanes that the trigger names, or all lanes, without those to which it cannot apply: a lane with one replica never
 * has a new leader, a lane without consumers never processes anything.
 */
function lanesOf(
  source: ScenarioSource,
  after: ScenarioTrigger,
  path: ScenarioPath,
  all: ScheduledLane[],
): ScheduledLane[] {
  const named = after.lane === undefined ? all : lanesNamed(source, after.lane, [...path, 'lane'], all)
  const electable =
    after['leader-changed'] !== undefined && after.lane === undefined
      ? named.filter(lane => lane.replicationFactor > 1)
      : named
  if (electable.length === 0)
    throw source.error(path, 'leader-changed: no leader can change, because every lane has one replica', {
      key: 'leader-changed',
    })
  const key = countKeys.find(name => consumerKeys.has(name) && after[name] !== undefined)
  if (key === undefined) return electable
  if (untold.has(key) && electable.some(lane => lane.app))
    throw source.error(path, `${key}: an application does not tell what it was handed`, {
      key,
      hint: 'processed counts the inputs that came out, committed the offsets that its group has passed',
    })
  const consuming = electable.filter(lane => lane.consumes)
  if (consuming.length === 0)
    throw source.error(path, `${key}: no lane has a consumer`, {
      key,
      hint: 'add lanes.defaults.consumer, {} for a consumer with default settings',
    })
  return consuming
}

function lanesNamed(source: ScenarioSource, text: string, path: ScenarioPath, lanes: ScheduledLane[]): ScheduledLane[] {
  const selector = parseSelector(text)
  if (!selector)
    throw source.error(path, `lane: expected settings such as acks=1, got "${text}"`, {
      hint: 'several settings are separated by commas',
    })
  const ambiguous = ambiguousKey(
    lanes.flatMap(lane => Object.keys(lane.settings)),
    Object.keys(selector),
  )
  if (ambiguous) throw source.error(path, `lane: ${ambiguous.reason}`)
  const found = lanes.filter(lane => matches(lane.settings, selector))
  if (found.length > 0) return found
  throw source.error(path, `no lane has ${text}`, { hint: `lanes: ${lanes.map(lane => lane.id).join(', ')}` })
}
