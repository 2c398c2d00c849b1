/** What can be drawn for one configuration: faults at roles, and lanes. The planner decides about both. */
import { findFault, faults } from '../../faults/index.ts'
import { targetsOn } from '../../faults/fault.ts'
import type { DrawnCall, DrawnLane, DrawnStep } from '../../model/stress/stress.ts'
import { systemFacts } from '../../systems/index.ts'
import { refusalOf } from '../plan/refusal.ts'
import { planOf } from './compose.ts'
import { kindOf, World } from './draw/world.ts'
import type { Ground } from './draw/world.ts'
import { settingsWords } from './finish/words.ts'
import { neighbours } from './lanes/neighbours.ts'
import { loads } from './lanes/loads.ts'
import type { Subject } from './subject.ts'

export interface Space {
  subject: Subject
  ground: Ground
  calls: readonly DrawnCall[]
  own: readonly DrawnLane[]
  neighbours: readonly DrawnLane[]
  /** What cannot be drawn, with the reason. */
  notDrawn: readonly { what: string; reason: string }[]
}

export interface SpaceOptions {
  /** Faults that this machine cannot cause, with the reason. */
  lacking: ReadonlyMap<string, string>
  /** Whether lanes with neighbouring settings run beside the user's. */
  around: boolean
  /** Faults that the user does not want. */
  except?: readonly string[]
}

/** Throws LossproofError('scenario') when the planner refuses the user's own settings. */
export function spaceOf(subject: Subject, { lacking, around, except = [] }: SpaceOptions): Space {
  const facts = systemFacts(subject.system)
  const { stress } = facts
  const notDrawn: { what: string; reason: string }[] = []
  const accepts = (what: string, lanes: readonly DrawnLane[], call?: DrawnCall) => {
    const reason = refusal(subject, lanes, call)
    if (reason !== undefined) notDrawn.push({ what, reason })
    return reason === undefined
  }
  const userLane: DrawnLane = { kind: 'own', settings: {} }
  // Throws for settings that cannot run at all.
  planOf('own', { steps: [firstStep()], gone: false, lanes: [userLane] }, subject, 1)
  const ownLanes = loads(subject).filter(lane => accepts(`load ${settingsWords(lane.settings)}`, [lane]))
  const others = around
    ? neighbours(subject, stress.ladders).filter(lane => accepts(settingsWords(lane.settings), [userLane, lane]))
    : []
  const isPossible = (call: DrawnCall) => {
    const can = new World(groundOf(subject)).permits(call)
    if (!can) notDrawn.push({ what: `${call.fault} ${call.target}`, reason: 'no such cluster can show it' })
    return can
  }
  const isResolvable = (call: DrawnCall) => {
    if (!stress.spreadsLeaders(subject.own) || !needsOneLeader(call)) return true
    notDrawn.push({ what: `${call.fault} ${call.target}`, reason: 'partitions have different leaders' })
    return false
  }
  const calls = faults.flatMap(fault => {
    const missing = lacking.get(fault.id) ?? (except.includes(fault.id) ? 'left out with --except' : undefined)
    const targets = targetsOn(facts, fault)
    if (missing !== undefined && targets.length > 0) notDrawn.push({ what: fault.id, reason: missing })
    return missing === undefined ? targets.map(target => ({ fault: fault.id, target })) : []
  })
  return {
    subject,
    ground: groundOf(subject),
    calls: calls.filter(
      call =>
        isUseful(call) &&
        isPossible(call) &&
        isResolvable(call) &&
        accepts(`${call.fault} ${call.target}`, [userLane], call),
    ),
    own: ownLanes,
    neighbours: others,
    notDrawn,
  }
}

/** What decides which states can come in a cluster with these settings. */
export function groundOf({ system, own, consumes }: Subject): Ground {
  const { stress } = systemFacts(system)
  return {
    brokers: stress.brokers(own),
    replicas: stress.replicas(own),
    consumes,
    elects: stress.elects(own),
    canBeGone: stress.recovery('gone', own) !== undefined,
    controllersApart: stress.controllersApart(own),
  }
}

/** Roles that are found from the one leader of all partitions. */
const needsOneLeader = (call: DrawnCall): boolean =>
  ['leader', 'follower'].includes(kindOf(call)) || ['majority', 'next'].includes(call.target)

/** No later step could see that time has passed while the producers stand still. */
const isUseful = ({ fault, target }: DrawnCall): boolean =>
  !(target === 'producer' && findFault(fault)?.effects.includes('silences-client') === true)

export const firstStep = (call: DrawnCall = { fault: 'restart', target: 'all' }): DrawnStep => ({
  load: 50,
  heal: 'nothing',
  inject: [call],
})

function refusal(subject: Subject, lanes: readonly DrawnLane[], call: DrawnCall | undefined): string | undefined {
  return refusalOf(() => planOf('try', { steps: [firstStep(call)], gone: false, lanes: [...lanes] }, subject, 1))
}
