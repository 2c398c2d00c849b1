/** The scenario's schedule → steps of one trial, with every name in it resolved or refused. */
import { systemFacts } from '../../systems/index.ts'
import { targetsOn } from '../../faults/fault.ts'
import { faults, findFault } from '../../faults/index.ts'
import type { LossproofError } from '../../model/errors.ts'
import { matches, parseSelector } from './matrix.ts'
import { nearest } from '../../model/nearest.ts'
import type { Scenario, ScenarioStep, ScenarioTrigger } from './scenario/schema.ts'
import type { ScenarioPath as Path } from '../../model/scenario-errors.ts'
import type { ScenarioSource } from './scenario/source.ts'
import { countedKeys, flightKeys } from '../../model/trigger-words.ts'
import type { FaultCall, Settings, SettingValue, Step, Trigger } from '../../model/plan.ts'

export const defaultLimitMs = 30_000

/** What the schedule needs to know of a lane. */
export interface LaneOfTrial {
  id: string
  settings: Settings
  replicationFactor: number
  consumes: boolean
}

type Inject = Exclude<NonNullable<ScenarioStep['inject']>, unknown[]>

/** A step as written, where it stands, and the round of its repeat: 1, 2…; undefined outside of any. */
interface Placed {
  step: ScenarioStep
  path: Path
  round: number | undefined
}

/** The schedule with every repeat written out. */
function unrolled(scenario: Scenario): Placed[] {
  return (scenario.schedule ?? []).flatMap((entry, index): Placed[] => {
    if (!('repeat' in entry)) return [{ step: entry, path: ['schedule', index], round: undefined }]
    return Array.from({ length: entry.repeat }, (_, round) =>
      entry.steps.map((step, at): Placed => ({ step, path: ['schedule', index, 'steps', at], round: round + 1 })),
    ).flat()
  })
}

/** Names of all windows, in the order of their steps; those of a repeat carry the number of their round: `cut-1`. */
export function windowsOf(scenario: Scenario): string[] {
  return unrolled(scenario).flatMap(placed => windowOf(placed) ?? [])
}

function windowOf(placed: Placed | undefined): string | undefined {
  if (!placed) return undefined
  const name = placed.step.window ?? injectsOf(placed.step).find(call => call.window !== undefined)?.window
  return name === undefined ? undefined : inRound(name, placed.round)
}

const inRound = (window: string, round: number | undefined) => (round === undefined ? window : `${window}-${round}`)

/** `brokers`: how many the trial's cluster has. */
export function planSchedule(source: ScenarioSource, lanes: LaneOfTrial[], brokers: number): Step[] {
  const opened: string[] = []
  const calls = new Map<string, number>()
  const steps = unrolled(source.scenario)
  return steps.map((placed, index) => {
    const { step, path, round } = placed
    const after = planTrigger(source, step.after, [...path, 'after'], { lanes, opened, round })
    const inject = injectsOf(step).map((call, at) => {
      const callPath = Array.isArray(step.inject) ? [...path, 'inject', at] : [...path, 'inject']
      return planCall(source, call, callPath, { lanes, brokers, calls })
    })
    const window = windowOf(placed)
    if (window !== undefined) {
      if (opened.includes(window)) throw source.error(path, `window "${window}" is opened twice`)
      opened.push(window)
    }
    const heal = planHeal(source, step.heal, [...path, 'heal'], calls)
    if (inject.length === 0 && heal === undefined && window === undefined) {
      throw source.error(path, 'a step that does nothing', { hint: 'give it inject, heal or window' })
    }
    const closes = windowOf(steps[index - 1]) !== undefined
    return {
      after,
      inject,
      ...(heal === undefined ? {} : { heal }),
      ...(window === undefined ? {} : { window }),
      quiesce:
        step.quiesce ??
        ((inject.length > 0 || window !== undefined || closes) &&
          !inject.some(call => findFault(call.fault)?.underLoad === true)),
    }
  })
}

function injectsOf(step: ScenarioStep): Inject[] {
  if (step.inject === undefined) return []
  return Array.isArray(step.inject) ? step.inject : [step.inject]
}

const countKeys = [...countedKeys, ...flightKeys] as const
const consumerKeys: ReadonlySet<string> = new Set(['delivered', 'processed', 'committed', 'uncommitted', 'backlog'])
const flagKeys = [
  ['leader-changed', 'leaderChanged'],
  ['offline', 'offline'],
  ['recovered', 'recovered'],
  ['flushed', 'flushed'],
  ['client-gone', 'clientGone'],
] as const

interface TriggerPlace {
  lanes: LaneOfTrial[]
  opened: string[]
  round: number | undefined
}

function planTrigger(
  source: ScenarioSource,
  after: ScenarioTrigger,
  path: Path,
  { lanes, opened, round }: TriggerPlace,
): Trigger {
  const window =
    after.in === undefined ? undefined : [inRound(after.in, round), after.in].find(name => opened.includes(name))
  if (after.in !== undefined && window === undefined) throw unknownWindow(source, [...path, 'in'], after.in, opened)
  if (after.in !== undefined && after.since !== undefined)
    throw source.error(path, 'in and since exclude each other', { key: 'since' })
  const named = after.lane === undefined ? lanes : lanesNamed(source, after.lane, [...path, 'lane'], lanes)
  const counts = countKeys.flatMap(key => (after[key] === undefined ? [] : [[key, after[key]] as const]))
  const flags = flagKeys.filter(([key]) => after[key] !== undefined)
  if (counts.length === 0 && flags.length === 0 && after.isr === undefined) {
    throw source.error(path, 'a trigger that waits for nothing', {
      hint: `one of ${[...countKeys, 'isr', ...flagKeys.map(([key]) => key)].join(', ')}`,
    })
  }
  if (after.flushed !== undefined && source.scenario.system !== 'rocketmq')
    throw source.error(path, 'flushed: only brokers of RocketMQ tell what they have left to flush', { key: 'flushed' })
  const spoken = spokenOf(source, after, path, named)
  return {
    ...Object.fromEntries(counts),
    ...Object.fromEntries(flags.map(([, key]) => [key, true as const])),
    ...(window === undefined ? {} : { in: window }),
    ...(after.isr === undefined ? {} : { isr: after.isr }),
    ...(after.since === undefined ? {} : { sinceLastStep: true }),
    lanes: spoken.map(lane => lane.id),
    limitMs: after.limit ?? defaultLimitMs,
  }
}

/** Of the lanes that are named, those to which the trigger can apply: one with one replica has no new leader to wait for. */
function spokenOf(source: ScenarioSource, after: ScenarioTrigger, path: Path, named: LaneOfTrial[]): LaneOfTrial[] {
  const elected =
    after['leader-changed'] !== undefined && after.lane === undefined
      ? named.filter(lane => lane.replicationFactor > 1)
      : named
  if (elected.length === 0)
    throw source.error(path, 'leader-changed: every lane has one replica, so no leader can change')
  const key = countKeys.find(name => consumerKeys.has(name) && after[name] !== undefined)
  if (key === undefined) return elected
  const consuming = elected.filter(lane => lane.consumes)
  if (consuming.length === 0)
    throw source.error(path, `${key}: no lane has a consumer`, { key, hint: 'give lanes.defaults a consumer' })
  return consuming
}

export function unknownWindow(source: ScenarioSource, path: Path, window: string, known: string[]): LossproofError {
  const word = nearest(window, known)
  const hint = word === undefined ? `windows opened so far: ${known.join(', ') || 'none'}` : `did you mean "${word}"?`
  return source.error(path, `no window "${window}"`, { hint })
}

function lanesNamed(source: ScenarioSource, text: string, path: Path, lanes: LaneOfTrial[]): LaneOfTrial[] {
  const selector = parseSelector(text)
  if (!selector) throw source.error(path, `"${text}" is no lane`, { hint: 'name it by settings: acks=1' })
  const found = lanes.filter(lane => matches(lane.settings, selector))
  if (found.length > 0) return found
  throw source.error(path, `no lane has ${text}`, { hint: `lanes: ${lanes.map(lane => lane.id).join(', ')}` })
}

interface CallPlace {
  lanes: LaneOfTrial[]
  brokers: number
  calls: Map<string, number>
}

function planCall(source: ScenarioSource, call: Inject, path: Path, { lanes, brokers, calls }: CallPlace): FaultCall {
  const fault = findFault(call.fault)
  const system = systemFacts(source.scenario.system)
  if (!fault || targetsOn(system, fault).length === 0) {
    const ids = faults.filter(known => targetsOn(system, known).length > 0).map(known => known.id)
    if (fault)
      throw source.error([...path, 'fault'], `${system.label} cannot have the fault "${call.fault}"`, {
        hint: `one of ${ids.join(', ')}`,
      })
    const word = nearest(call.fault, ids)
    throw source.error([...path, 'fault'], `unknown fault "${call.fault}"`, {
      hint: word === undefined ? `one of ${ids.join(', ')}` : `did you mean "${word}"?`,
    })
  }
  const targets = targetsOn(system, fault)
  const target = call.target ?? targets[0] ?? ''
  if (!targets.includes(target)) {
    const word = nearest(target, targets)
    throw source.error([...path, 'target'], `fault ${fault.id} has no target "${target}"`, {
      hint: word === undefined ? `one of ${targets.join(', ')}` : `did you mean "${word}"?`,
    })
  }
  if ((target === 'follower' || target.endsWith('slave')) && lanes.every(lane => lane.replicationFactor < 2)) {
    throw source.error([...path, 'target'], `target "${target}" resolves to no node: every lane has one replica alone`)
  }
  if (target === 'controller' && source.scenario.cluster?.mode === 'classic')
    throw source.error([...path, 'target'], 'target "controller" resolves to no node: a classic cluster has none')
  const clients = target === 'coordinator' || (fault.kind === 'client' && target !== 'producer')
  if (clients && !lanes.some(lane => lane.consumes))
    throw source.error([...path, 'target'], `target "${target}" resolves to nothing: no lane has a consumer`)
  const params = planParams(source, call, path, fault.params)
  const refused = fault.refuses?.(brokers, params) ?? tooFew(target, brokers)
  if (refused !== undefined) throw source.error([...path, 'target'], `${fault.id} of "${target}": ${refused}`)
  const number = (calls.get(fault.id) ?? 0) + 1
  calls.set(fault.id, number)
  return { id: `${fault.id}-${number}`, fault: fault.id, target, params }
}

/** Why a role has no node in a cluster of so many brokers. */
function tooFew(target: string, brokers: number): string | undefined {
  if (target === 'other-than(leader)' && brokers < 2) return 'one broker has no other'
  return target === 'minority' && brokers < 3 ? `of ${brokers} brokers none is a minority` : undefined
}

function planParams(
  source: ScenarioSource,
  call: Inject,
  path: Path,
  known: Record<string, { check: (value: SettingValue) => string | undefined }>,
): Settings {
  const params: Settings = {}
  for (const [key, value] of Object.entries(call)) {
    if (key === 'fault' || key === 'target' || key === 'window') continue
    const param = known[key]
    if (!param) {
      const word = nearest(key, ['target', 'window', ...Object.keys(known)])
      throw source.error(path, `fault ${call.fault} has no parameter "${key}"`, {
        key,
        ...(word === undefined ? {} : { hint: `did you mean "${word}"?` }),
      })
    }
    const given = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
    const wrong = param.check(given)
    if (wrong !== undefined) throw source.error(path, `${call.fault}.${key}: ${wrong}`, { key })
    params[key] = given
  }
  return params
}

function planHeal(
  source: ScenarioSource,
  heal: ScenarioStep['heal'],
  path: Path,
  calls: Map<string, number>,
): Step['heal'] {
  if (heal === undefined || heal === 'all') return heal
  return heal.map(name => {
    // Without a number: the last one so far.
    const id = /-\d+$/.test(name) ? name : `${name}-${calls.get(name) ?? 1}`
    const number = Number(/\d+$/.exec(id)?.[0])
    if (number >= 1 && number <= (calls.get(id.replace(/-\d+$/, '')) ?? 0)) return id
    const injected = [...calls].flatMap(([fault, count]) =>
      Array.from({ length: count }, (_, at) => `${fault}-${at + 1}`),
    )
    const word = nearest(name, injected)
    throw source.error(path, `nothing injected so far is called "${name}"`, {
      hint: word === undefined ? `injected so far: ${injected.join(', ') || 'nothing'}` : `did you mean "${word}"?`,
    })
  })
}
