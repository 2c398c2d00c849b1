/** What all cells of one trial share: its schedule, phases, windows, faults with their evidence, and events in words. */
import { pausesOf } from '../../verdict/timing/pauses.ts'
import type { CellVerdict } from '../../../model/verdict.ts'
import { windowsOf } from '../../verdict/windows.ts'
import type { TrialEvent } from '../../../history/events.ts'
import type { Trial } from '../../../model/plan.ts'
import { describeCluster, describeStep } from '../terminal/plan.ts'
import type { Extent } from './lane-story.ts'

export interface TrialStory {
  id: string
  extent: Extent
  /** In words; empty where the plan is not known. */
  cluster: string
  schedule: string[]
  phases: { phase: string; t: number }[]
  windows: { name: string; from: number; to: number; quiesced: boolean }[]
  /** When the harness kept producers from sending. */
  pauses: Extent[]
  faults: CellVerdict['faults']
  brokers: { broker: string; t: number; up: boolean }[]
  /** For people, in order; those about one lane alone say so by its id. */
  events: { t: number; text: string; lane?: string }[]
}

const mostEvents = 400

export function trialStory(
  id: string,
  plan: Trial | undefined,
  events: readonly TrialEvent[],
  faults: CellVerdict['faults'],
): TrialStory {
  const extent = extentOf(events)
  const within = (t: number) => Math.round(Math.min(t, extent.to))
  return {
    id,
    extent,
    faults,
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
    events: events.flatMap(inWords).slice(0, mostEvents),
  }
}

/** From the first load to where the final log is read: boot and read-back tell nothing about messages. */
function extentOf(events: readonly TrialEvent[]): Extent {
  const last = events.at(-1)?.t ?? 0
  const from =
    events.find(
      event => (event.kind === 'phase' && event.phase === 'healthy') || (event.kind === 'producers' && !event.paused),
    )?.t ?? 0
  const to = events.find(event => event.kind === 'phase' && event.phase === 'read')?.t ?? last
  return { from: Math.floor(from), to: Math.max(Math.ceil(to), Math.floor(from) + 1) }
}

/** What the drawing shows in bands (ISR, brokers), and what only the checker needs, is left to the history. */
function inWords(event: TrialEvent): TrialStory['events'] {
  const text = wordsOf(event)
  if (text === undefined) return []
  return [
    { t: Math.round(event.t), text, ...('lane' in event && event.lane !== undefined ? { lane: event.lane } : {}) },
  ]
}

function wordsOf(event: TrialEvent): string | undefined {
  switch (event.kind) {
    case 'phase':
      return `phase ${event.phase}`
    case 'step':
      return `step ${event.step + 1} fired on ${event.seen}`
    case 'window-open':
      return `window ${event.window} opened${event.quiesced ? ', nothing in flight' : ''}`
    case 'window-close':
      return `window ${event.window} closed${event.quiesced ? ', nothing in flight' : ''}`
    case 'producers':
      return event.paused ? 'producers paused' : 'producers sending'
    case 'fault':
      return `fault ${event.fault} at ${event.target} (${event.nodes.join(', ')})`
    case 'injected':
      return `${event.id} took hold`
    case 'evidence':
      return `evidence of ${event.id} ${event.complete ? 'complete' : 'missing'}`
    case 'healed':
      return `${event.id} healed`
    case 'leader':
      return `partition ${event.p}: ${event.leader < 0 ? 'no leader' : `broker ${event.leader} leads`}, epoch ${event.epoch}`
    case 'isr':
      return `partition ${event.p}: in sync ${event.isr.length === 0 ? 'nobody' : event.isr.join(', ')}`
    case 'broker':
      return `${event.broker} ${event.up ? 'up' : 'down'}`
    case 'wait-expired':
      return `waited ${event.limitMs / 1000} s in vain for ${event.what}; last seen: ${event.seen}`
    case 'recovered':
      return 'every replica back in step'
    case 'client-died':
      return `client process ${event.process} ended: ${event.how}`
    case 'trial-failed':
      return `the trial could not be carried on: ${event.why}`
    case 'note':
      return event.text
    default:
      return undefined
  }
}
