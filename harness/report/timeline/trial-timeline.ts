/** Schedule, phases, windows, faults and events of a trial, which all its cells share. */
import { pausesOf } from '../../verdict/timing/pauses.ts'
import type { CellVerdict } from '../../../model/verdict.ts'
import { windowsOf } from '../../verdict/windows.ts'
import type { TrialEvent } from '../../../history/events.ts'
import type { Trial } from '../../../model/plan.ts'
import { systems } from '../../../systems/index.ts'
import { hitsOf } from '../topology/hits.ts'
import type { Hit } from '../topology/hit-words.ts'
import { describeCluster, describeStep } from '../terminal/plan.ts'
import type { TimeSpan } from './lane-timeline.ts'

export interface TrialTimeline {
  id: string
  /** The part of the trial that the page draws. */
  span: TimeSpan
  /** One sentence about the cluster. Empty without a plan. */
  cluster: string
  schedule: string[]
  phases: { phase: string; t: number }[]
  windows: { name: string; from: number; to: number; quiesced: boolean }[]
  /** Times in which the harness paused the producers. */
  pauses: TimeSpan[]
  faults: CellVerdict['faults']
  /** What each fault hit. Empty without events. */
  hits: Hit[]
  /** All nodes of the cluster. Empty without a plan. */
  nodes: string[]
  brokers: { broker: string; t: number; up: boolean }[]
  /** Events as sentences, in order. `lane` is set for events of a single lane. */
  events: { t: number; text: string; lane?: string }[]
}

const maxEvents = 400

export function trialTimeline(
  id: string,
  plan: Trial | undefined,
  events: readonly TrialEvent[],
  faults: CellVerdict['faults'],
): TrialTimeline {
  const span = drawnSpan(events)
  const within = (t: number) => Math.round(Math.min(t, span.to))
  return {
    id,
    span,
    faults,
    hits: hitsOf(events),
    nodes: plan === undefined ? [] : (systems.find(({ id: system }) => system === plan.system)?.nodeNames(plan) ?? []),
    cluster: plan === undefined ? '' : describeCluster(plan),
    schedule: plan?.schedule.map(describeStep) ?? [],
    phases: events.flatMap(event => (event.kind === 'phase' ? [{ phase: event.phase, t: Math.round(event.t) }] : [])),
    windows: windowsOf(events).map(({ name, openedAt, closedAt }) => ({
      name,
      from: Math.round(openedAt),
      to: within(closedAt),
      quiesced: events.some(event => event.kind === 'window-open' && event.window === name && event.quiesced),
    })),
    pauses: pausesOf(events)
      .map(({ from, to }) => ({ from: Math.round(from), to: within(to) }))
      .filter(({ from, to }) => to > from),
    brokers: events.flatMap(event =>
      event.kind === 'broker' ? [{ broker: event.broker, t: Math.round(event.t), up: event.up }] : [],
    ),
    events: events.flatMap(sentenceOf).slice(0, maxEvents),
  }
}

/** From the first load until the final log is read. Nothing happens to messages before and after. */
function drawnSpan(events: readonly TrialEvent[]): TimeSpan {
  const last = events.at(-1)?.t ?? 0
  const from =
    events.find(
      event => (event.kind === 'phase' && event.phase === 'healthy') || (event.kind === 'producers' && !event.paused),
    )?.t ?? 0
  const to = events.find(event => event.kind === 'phase' && event.phase === 'read')?.t ?? last
  return { from: Math.floor(from), to: Math.max(Math.ceil(to), Math.floor(from) + 1) }
}

/** Empty for events that only the checker needs. */
function sentenceOf(event: TrialEvent): TrialTimeline['events'] {
  const text = textOf(event)
  if (text === undefined) return []
  return [
    { t: Math.round(event.t), text, ...('lane' in event && event.lane !== undefined ? { lane: event.lane } : {}) },
  ]
}

function textOf(event: TrialEvent): string | undefined {
  switch (event.kind) {
    case 'phase':
      return `phase ${event.phase}`
    case 'step':
      return `step ${event.step + 1} starts: ${event.seen}`
    case 'window-open':
      return `window ${event.window} opens${event.quiesced ? ', no message in flight' : ''}`
    case 'window-close':
      return `window ${event.window} closes${event.quiesced ? ', no message in flight' : ''}`
    case 'producers':
      return event.paused ? 'producers pause' : 'producers send'
    case 'fault':
      return `fault ${event.fault} at ${event.target} (${event.nodes.join(', ')})`
    case 'injected':
      return `${event.id} takes effect`
    case 'evidence':
      return `evidence of ${event.id} is ${event.complete ? 'complete' : 'missing'}`
    case 'healed':
      return `${event.id} healed`
    case 'leader':
      return `partition ${event.p}: ${event.leader < 0 ? 'no leader' : `broker ${event.leader} leads`}, epoch ${event.epoch}`
    case 'isr':
      return `partition ${event.p}: in sync: ${event.isr.length === 0 ? 'no broker' : event.isr.join(', ')}`
    case 'broker':
      return `${event.broker} is ${event.up ? 'up' : 'down'}`
    case 'wait-expired':
      return `no ${event.what} within ${event.limitMs / 1000} s; last state: ${event.seen}`
    case 'recovered':
      return 'every replica is in sync again'
    case 'setting-differs':
      return `${event.setting}: ${event.requested} requested, ${event.inForce ?? 'not known'} at ${event.where}`
    case 'lane-failed':
      return `the lane could not take part: ${event.why}`
    case 'client-died':
      return `client process ${event.process} ended: ${event.how}`
    case 'trial-failed':
      return `the trial failed: ${event.why}`
    case 'note':
      return event.text
    default:
      return undefined
  }
}
