/**
 * Ways to make a schedule that loses messages simpler, in the order in which they are tried: fewer steps, weaker faults, less
 * around them, fewer settings.
 */
import { findFault } from '../../../faults/index.ts'
import type { Draw, DrawnStep } from '../../../model/stress/stress.ts'
import type { Settings } from '../../../model/settings.ts'
import { kindOf } from '../draw/world.ts'
import type { Subject } from '../subject.ts'

/** What a shrinking changes: the schedule with its lanes, and the user's settings. */
export interface Candidate {
  draw: Draw
  subject: Subject
}

export interface Move {
  what: string
  to: Candidate
}

export interface MoveFacts {
  /** Roles at which a fault can be aimed. */
  targetsOf: (fault: string) => readonly string[]
  replicas: (own: Settings) => number
  brokers: (own: Settings) => number
  /** Settings that could have kept the messages. */
  fixes: readonly Settings[]
}

type Kind = (candidate: Candidate, facts: MoveFacts) => Move[]

const fewestMessages = 20
/** In place of a wait for a state: at the usual rate some seconds, in which leaders are elected. */
const loadForState = 300

const withSteps = ({ draw, subject }: Candidate, steps: DrawnStep[]): Candidate => ({
  draw: { ...draw, steps },
  subject,
})
const withOwn = ({ draw, subject }: Candidate, own: Settings): Candidate => ({ draw, subject: { ...subject, own } })
const withoutState = ({ load, heal, inject }: DrawnStep): DrawnStep => ({
  load: Math.max(load, loadForState),
  heal,
  inject,
})
const namesOf = ({ inject, heal }: DrawnStep) =>
  inject.length === 0 ? `heal ${heal}` : inject.map(({ fault, target }) => `${fault} ${target}`).join(' and ')

const dropSteps: Kind = candidate => {
  const { steps } = candidate.draw
  const calls = steps.flatMap((step, at) =>
    step.inject.length < 2
      ? []
      : step.inject.map((call, index): Move => ({
          what: `without ${call.fault} ${call.target}`,
          to: withSteps(candidate, steps.with(at, { ...step, inject: step.inject.toSpliced(index, 1) })),
        })),
  )
  const whole = steps.flatMap((step, at): Move[] => {
    if (steps.length < 2) return []
    const rest = steps.toSpliced(at, 1)
    const next = rest[at]
    const what = `without ${namesOf(step)}`
    // The next step may have waited for what this one caused.
    const relaxed = next === undefined || next.state === undefined ? [] : [rest.with(at, withoutState(next))]
    const healed =
      next === undefined || next.heal === 'nothing' ? [] : [rest.with(at, { ...withoutState(next), heal: 'nothing' })]
    return [rest, ...relaxed, ...healed].map(changed => ({ what, to: withSteps(candidate, changed) }))
  })
  const waits = steps.flatMap((step, at): Move[] =>
    step.state === undefined || step.load === 0
      ? []
      : [{ what: `without waiting for ${step.state}`, to: withSteps(candidate, steps.with(at, withoutState(step))) }],
  )
  return [...whole, ...calls, ...waits]
}

const weaken: Kind = (candidate, { targetsOf }) => {
  const { steps } = candidate.draw
  return steps.flatMap((step, at) =>
    step.inject.flatMap((call, index): Move[] => {
      const replaced = (fault: string, target: string): Move => ({
        what: `${fault} ${target} in place of ${call.fault} ${call.target}`,
        to: withSteps(candidate, steps.with(at, { ...step, inject: step.inject.with(index, { fault, target }) })),
      })
      const weaker = (findFault(call.fault)?.weaker ?? []).filter(id => targetsOf(id).includes(call.target))
      // All of them → one of them.
      const one =
        kindOf(call) === 'everyone'
          ? targetsOf(call.fault).find(target => kindOf({ ...call, target }) === 'leader')
          : undefined
      return [
        ...(one === undefined ? [] : [replaced(call.fault, one)]),
        ...weaker.slice(0, 2).map(id => replaced(id, call.target)),
      ]
    }),
  )
}

const fewer: Kind = (candidate, { brokers, replicas }) => {
  const { draw, subject } = candidate
  const { steps, lanes } = draw
  const own = lanes.filter(({ kind }) => kind === 'own')
  const [lane] = own
  const moves: Move[] = []
  if (lanes.length > 1 && lane !== undefined)
    moves.push({ what: 'one lane', to: { draw: { ...draw, lanes: [lane] }, subject } })
  if (lane !== undefined && lanes.length === 1 && Object.keys(lane.settings).length > 0)
    moves.push({ what: 'the usual load', to: { draw: { ...draw, lanes: [{ kind: 'own', settings: {} }] }, subject } })
  const count = brokers(subject.own)
  if ('cluster.brokers' in subject.own && count > replicas(subject.own))
    moves.push({
      what: count === 2 ? '1 broker' : `${count - 1} brokers`,
      to: withOwn(candidate, { ...subject.own, 'cluster.brokers': count - 1 }),
    })
  // The load of later steps is the time that faults have to act.
  const [first] = steps
  if (first !== undefined && first.load > fewestMessages)
    moves.push({
      what: 'fewer messages before the first fault',
      to: withSteps(candidate, steps.with(0, { ...first, load: fewestMessages })),
    })
  return moves
}

/** Settings that describe the cluster and the client library stay. */
const isOptional = (name: string) => name !== 'client' && !name.startsWith('cluster.')

const fewerSettings: Kind = (candidate, { fixes }) => {
  const { own } = candidate.subject
  const names = Object.keys(own).filter(isOptional)
  const suspects = new Set(fixes.flatMap(fix => Object.keys(fix)))
  const without = (gone: readonly string[]): Settings =>
    Object.fromEntries(Object.entries(own).filter(([name]) => !gone.includes(name)))
  const innocent = names.filter(name => !suspects.has(name))
  // All that no fix of this cause changes at once, then each by itself.
  const together =
    innocent.length > 1
      ? [{ what: `without ${innocent.length} settings`, to: withOwn(candidate, without(innocent)) }]
      : []
  const single = [...innocent, ...names.filter(name => suspects.has(name))].map(name => ({
    what: `${name} at its default`,
    to: withOwn(candidate, without([name])),
  }))
  return [...together, ...single]
}

/** In the order in which they are tried. */
export const moveKinds: readonly Kind[] = [dropSteps, weaken, fewer, fewerSettings]
