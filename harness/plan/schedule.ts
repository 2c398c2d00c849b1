/** The scenario's schedule → steps of one trial, with every name in it resolved or refused. */
import { faults, findFault } from '../../faults/index.ts'
import type { LossproofError } from '../errors.ts'
import { matches, parseSelector } from './matrix.ts'
import { nearest } from './nearest.ts'
import type { Scenario, ScenarioStep, ScenarioTrigger } from './scenario.ts'
import type { Path, ScenarioSource } from './source.ts'
import type { FaultCall, Settings, SettingValue, Step, Trigger } from './types.ts'

export const defaultLimitMs = 30_000

/** What the schedule needs to know of a lane. */
export interface LaneOfTrial {
  id: string
  settings: Settings
  replicationFactor: number
}

type Inject = Exclude<NonNullable<ScenarioStep['inject']>, unknown[]>

/** Names of all windows, in the order of their steps. */
export function windowsOf(scenario: Scenario): string[] {
  return (scenario.schedule ?? []).flatMap(step => windowOf(step) ?? [])
}

function windowOf(step: ScenarioStep | undefined): string | undefined {
  if (!step) return undefined
  return step.window ?? injectsOf(step).find(call => call.window !== undefined)?.window
}

export function planSchedule(source: ScenarioSource, lanes: LaneOfTrial[]): Step[] {
  const { scenario } = source
  const opened: string[] = []
  const calls = new Map<string, number>()
  return (scenario.schedule ?? []).map((step, index) => {
    const path: Path = ['schedule', index]
    const after = planTrigger(source, step.after, [...path, 'after'], lanes, opened)
    const inject = injectsOf(step).map((call, at) => {
      const callPath = Array.isArray(step.inject) ? [...path, 'inject', at] : [...path, 'inject']
      return planCall(source, call, callPath, lanes, calls)
    })
    const window = windowOf(step)
    if (window !== undefined) {
      if (opened.includes(window)) throw source.error(path, `window "${window}" is opened twice`)
      opened.push(window)
    }
    const heal = planHeal(source, step.heal, [...path, 'heal'], calls)
    if (inject.length === 0 && heal === undefined && window === undefined) {
      throw source.error(path, 'a step that does nothing', { hint: 'give it inject, heal or window' })
    }
    const closes = windowOf(scenario.schedule?.[index - 1]) !== undefined
    return {
      after,
      inject,
      ...(heal === undefined ? {} : { heal }),
      ...(window === undefined ? {} : { window }),
      quiesce: step.quiesce ?? ((inject.length > 0 || window !== undefined || closes) && !inject.some(call => findFault(call.fault)?.underLoad === true)),
    }
  })
}

function injectsOf(step: ScenarioStep): Inject[] {
  if (step.inject === undefined) return []
  return Array.isArray(step.inject) ? step.inject : [step.inject]
}

function planTrigger(source: ScenarioSource, after: ScenarioTrigger, path: Path, lanes: LaneOfTrial[], opened: string[]): Trigger {
  if (after.in !== undefined && !opened.includes(after.in)) throw unknownWindow(source, [...path, 'in'], after.in, opened)
  const named = after.lane === undefined ? lanes : lanesNamed(source, after.lane, [...path, 'lane'], lanes)
  const aboutReplicas = after.isr !== undefined || after['leader-changed'] !== undefined || after.offline !== undefined
  if (after.acked === undefined && after.sent === undefined && !aboutReplicas) {
    throw source.error(path, 'a trigger that waits for nothing', { hint: 'one of acked, sent, isr, leader-changed, offline' })
  }
  // A lane with one replica has no new leader to wait for.
  const spoken = after['leader-changed'] !== undefined && after.lane === undefined ? named.filter(lane => lane.replicationFactor > 1) : named
  if (spoken.length === 0) throw source.error(path, 'leader-changed: every lane has one replica, so no leader can change')
  return {
    ...(after.acked === undefined ? {} : { acked: after.acked }),
    ...(after.sent === undefined ? {} : { sent: after.sent }),
    ...(after.in === undefined ? {} : { in: after.in }),
    ...(after.isr === undefined ? {} : { isr: after.isr }),
    ...(after['leader-changed'] === undefined ? {} : { leaderChanged: true }),
    ...(after.offline === undefined ? {} : { offline: true }),
    lanes: spoken.map(lane => lane.id),
    limitMs: after.limit ?? defaultLimitMs,
  }
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

function planCall(source: ScenarioSource, call: Inject, path: Path, lanes: LaneOfTrial[], calls: Map<string, number>): FaultCall {
  const fault = findFault(call.fault)
  if (!fault) {
    const ids = faults.map(known => known.id)
    const word = nearest(call.fault, ids)
    throw source.error([...path, 'fault'], `unknown fault "${call.fault}"`, {
      hint: word === undefined ? `one of ${ids.join(', ')}` : `did you mean "${word}"?`,
    })
  }
  const target = call.target ?? fault.targets[0] ?? ''
  if (!fault.targets.includes(target)) {
    const word = nearest(target, fault.targets)
    throw source.error([...path, 'target'], `fault ${fault.id} has no target "${target}"`, {
      hint: word === undefined ? `one of ${fault.targets.join(', ')}` : `did you mean "${word}"?`,
    })
  }
  if (target === 'follower' && lanes.every(lane => lane.replicationFactor < 2)) {
    throw source.error([...path, 'target'], 'target "follower" resolves to no node: every lane has replication.factor 1')
  }
  const params = planParams(source, call, path, fault.params)
  const number = (calls.get(fault.id) ?? 0) + 1
  calls.set(fault.id, number)
  return { id: `${fault.id}-${number}`, fault: fault.id, target, params }
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

function planHeal(source: ScenarioSource, heal: ScenarioStep['heal'], path: Path, calls: Map<string, number>): Step['heal'] {
  if (heal === undefined || heal === 'all') return heal
  return heal.map(name => {
    const id = /-\d+$/.test(name) ? name : `${name}-1`
    const number = Number(/\d+$/.exec(id)?.[0])
    if (number >= 1 && number <= (calls.get(id.replace(/-\d+$/, '')) ?? 0)) return id
    const injected = [...calls].flatMap(([fault, count]) => Array.from({ length: count }, (_, at) => `${fault}-${at + 1}`))
    const word = nearest(name, injected)
    throw source.error(path, `nothing injected so far is called "${name}"`, {
      hint: word === undefined ? `injected so far: ${injected.join(', ') || 'nothing'}` : `did you mean "${word}"?`,
    })
  })
}
