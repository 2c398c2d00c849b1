/**
 * What surely or probably holds in a cluster while a schedule runs, by the facts of its faults alone. Draws are checked
 * against it, so that few of them wait for a state that cannot come.
 */
import type { FaultEffect, RoleKind } from '../../../faults/fault.ts'
import { roleKind, rolesOf } from '../../../faults/fault.ts'
import { faults } from '../../../faults/index.ts'
import type { Draw, DrawnCall, DrawnState, DrawnStep } from '../../../model/stress/stress.ts'
import type { Ending } from '../../../systems/shared/stress/facts.ts'

/** What decides which states can come. */
export interface Ground {
  brokers: number
  replicas: number
  consumes: boolean
  /** Another replica takes over from a lost leader. */
  elects: boolean
  /** Nodes that are gone for good can be read back. */
  canBeGone: boolean
  /** Controllers have nodes of their own; otherwise each of them is a broker too. */
  controllersApart: boolean
}

interface InForce {
  call: DrawnCall
  kind: RoleKind
  effects: readonly FaultEffect[]
  /** Number of the step that injected it. */
  step: number
}

/** Drawing asks for these millions of times. */
const effectsByFault = new Map(faults.map(({ id, effects }) => [id, effects]))
const kindByTarget = new Map<string, RoleKind>()

export const effectsOf = ({ fault }: DrawnCall): readonly FaultEffect[] => effectsByFault.get(fault) ?? []

export function kindOf({ target }: DrawnCall): RoleKind {
  const known = kindByTarget.get(target)
  if (known !== undefined) return known
  const kind = roleKind(rolesOf(target)[0] ?? '')
  kindByTarget.set(target, kind)
  return kind
}

/** A controller that is a broker too can be any broker. */
const kindOn = (call: DrawnCall, { controllersApart }: Ground): RoleKind =>
  kindOf(call) === 'other' && !controllersApart && call.target.startsWith('controller') ? 'member' : kindOf(call)

const isOneOf = (effects: readonly FaultEffect[], ...wanted: FaultEffect[]) => wanted.some(one => effects.includes(one))
/** The node does not serve until the fault is healed. */
export const takesNode = (effects: readonly FaultEffect[]): boolean => isOneOf(effects, 'ends-node', 'silences-node')
/** It is over once it is injected. */
const passes = (effects: readonly FaultEffect[]) =>
  effects.includes('restarts-node') || (effects.includes('moves-leadership') && !effects.includes('delays-copies'))
const losesMessages = (effects: readonly FaultEffect[]) => isOneOf(effects, 'loses-unflushed', 'loses-data')
/** All followers are hit, so that the leader has the only living copy. */
export const hitsAllFollowers = (call: DrawnCall, { replicas }: Ground): boolean =>
  kindOf(call) === 'follower' && (replicas === 2 || !oneFollower.has(call.target))
const oneFollower: ReadonlySet<string> = new Set(['follower', 'first-slave'])
const onLink = (effects: readonly FaultEffect[]) => isOneOf(effects, 'loses-requests', 'loses-answers', 'slows')

export class World {
  readonly #ground: Ground
  #inForce: InForce[] = []
  /** The leader is lost and has no successor. */
  #headless = false
  /** Whether the last injecting step took the leader away and another replica could take over. */
  #electing = false
  /** What faults leave is not predictable, so that nothing is injected before all is healed. */
  #uncertain = false
  /** A replica has lost its data and may not have copied them again. */
  #isDamaged = false
  #lastStep = -1
  #step = 0

  constructor(ground: Ground) {
    this.#ground = ground
  }

  get anythingInForce(): boolean {
    return this.#inForce.length > 0
  }

  /** Brokers that serve nobody. */
  get #away(): number {
    return this.#inForce
      .filter(({ effects }) => takesNode(effects))
      .reduce((sum, { call }) => sum + hit(call, this.#ground.brokers), 0)
  }

  /** Something that an earlier step than the last one injected. */
  get #earlierInForce(): boolean {
    return this.#inForce.some(({ step }) => step !== this.#lastStep)
  }

  canHeal(what: DrawnStep['heal']): boolean {
    return what === 'nothing' || (what === 'all' ? this.anythingInForce : this.#earlierInForce)
  }

  /** Everything that the last injecting step did not take away serves: what is left can be read. */
  get onlyLastIsAway(): boolean {
    return this.#inForce.every(({ step, effects }) => step === this.#lastStep || !takesNode(effects))
  }

  get #followersGone(): boolean {
    return this.#inForce.some(({ call, effects }) => takesNode(effects) && hitsAllFollowers(call, this.#ground))
  }

  /** States that a step can wait for now. */
  states(): DrawnState[] {
    const states: DrawnState[] = []
    const { replicas, elects, consumes } = this.#ground
    const downs = this.#inForce.filter(({ effects }) => takesNode(effects))
    if (this.#producersGone) return ['client-gone']
    if (this.#inForce.some(({ effects }) => effects.includes('ends-client'))) states.push('client-gone')
    if (elects && replicas > 1 && this.#followersGone && !this.#headless && !this.#uncertain) states.push('isr-leader')
    if (this.#electing) states.push('leader-changed')
    if (downs.some(({ call }) => call.target === 'all')) states.push('offline')
    const consumersServed =
      !this.#inForce.some(({ kind }) => kind === 'client') && downs.length === 0 && !this.#headless
    if (consumes && consumersServed && !this.#uncertain) states.push('processed', 'committed')
    return states
  }

  /** Load only flows where producers run. */
  get #producersGone(): boolean {
    return this.#inForce.some(({ call, effects }) => call.target === 'producer' && effects.includes('ends-client'))
  }

  get needsHeal(): boolean {
    return this.#headless || this.#uncertain || this.#producersGone
  }

  /** Whether the call can be injected and prove itself, after the step has healed what it heals. */
  permits(call: DrawnCall): boolean {
    const kind = kindOn(call, this.#ground)
    const effects = effectsOf(call)
    if (this.needsHeal) return false
    // More at once seldom shows more, and often keeps a fault from proving itself.
    if (this.#inForce.length >= mostInForce) return false
    if (effects.includes('loses-data') && !this.#survives(kind)) return false
    const downs = this.#inForce.filter(one => takesNode(one.effects))
    // A node that is gone is no longer the one that the role names.
    const isTwice = this.#inForce.some(one => one.call.fault === call.fault && one.call.target === call.target)
    if (isTwice && !takesNode(effects)) return false
    if (kind === 'client') {
      if (call.target !== 'producer' && !this.#ground.consumes) return false
      // A frozen producer sends nothing, so no later step could see that time has passed.
      if (call.target === 'producer' && effects.includes('silences-client')) return false
      // New connections prove such faults, and they need brokers that answer.
      return (
        !onLink(effects) ||
        (downs.length === 0 && !this.#inForce.some(one => one.kind === 'client' && onLink(one.effects)))
      )
    }
    if (this.#inForce.some(one => one.kind === 'client' && onLink(one.effects)) && effects.includes('restarts-node'))
      return false
    const followersHit = downs.some(one => one.kind === 'follower')
    if (kind === 'follower') return !followersHit && !downs.some(one => one.kind === 'leader')
    if (kind === 'everyone') return downs.length === 0
    if (kind === 'member') return downs.length === 0
    if (kind === 'other') return downs.every(one => one.kind !== 'other')
    if (effects.includes('moves-leadership') && !effects.includes('delays-copies'))
      return downs.length === 0 && this.#ground.replicas > 1
    // Another leader is hit where one can have been elected, and one more broker is left.
    return downs.every(one => one.kind !== 'leader') || (this.#electing && this.#ground.brokers - this.#away > 1)
  }

  /** No setting keeps messages of which every copy is destroyed. */
  #survives(kind: RoleKind): boolean {
    const { replicas, elects, canBeGone } = this.#ground
    if (replicas === 1) return true
    // Where nobody takes over, a leader that comes back with an empty disk is the leader of an empty log.
    const servesAgain = kind !== 'leader' || elects || canBeGone
    return kind !== 'everyone' && !this.#isDamaged && servesAgain
  }

  heal(what: DrawnStep['heal']): void {
    if (what === 'nothing') return
    const kept = what === 'all' ? [] : this.#inForce.filter(({ step }) => step === this.#lastStep)
    this.#inForce = kept
    if (what === 'all') {
      this.#headless = false
      this.#uncertain = false
      this.#isDamaged = false
    } else this.#uncertain = this.#uncertain || this.#headless
    this.#electing = false
  }

  inject(call: DrawnCall): void {
    const kind = kindOn(call, this.#ground)
    const effects = effectsOf(call)
    const { brokers, elects } = this.#ground
    if (effects.includes('loses-data')) this.#isDamaged = true
    const leads = kind === 'leader' || kind === 'everyone'
    if (leads && takesNode(effects)) {
      const successor = elects && kind !== 'everyone' && !this.#followersGone && brokers - this.#away > 1
      this.#electing = successor
      this.#headless = !successor
    } else if (leads && effects.includes('moves-leadership')) this.#electing = elects
    const anyNode = kind === 'member' || (kind === 'other' && takesNode(effects))
    if (anyNode || effects.includes('refuses-writes') || (kind === 'everyone' && effects.includes('delays-copies'))) {
      this.#uncertain = true
      this.#electing = false
    }
    if (!passes(effects)) this.#inForce.push({ call, kind, effects, step: this.#step })
    this.#lastStep = this.#step
  }

  /** The next step begins. */
  endStep(): void {
    this.#step += 1
  }
}

const mostInForce = 3

/** Whether the schedule is one that the world permits from beginning to end. */
export function isSound({ steps, gone }: Pick<Draw, 'steps' | 'gone'>, ground: Ground): boolean {
  const world = new World(ground)
  for (const [at, step] of steps.entries()) {
    if (step.state !== undefined && (at === 0 || !world.states().includes(step.state))) return false
    if (step.load === 0 && step.state === undefined) return false
    if (step.state !== 'client-gone' && world.states().join() === 'client-gone' && at > 0) return false
    if (!world.canHeal(step.heal)) return false
    if (at > 0 && step.heal === 'nothing' && world.needsHeal && step.inject.length > 0) return false
    world.heal(step.heal)
    for (const [index, call] of step.inject.entries()) {
      if (!world.permits(call)) return false
      if (step.inject.slice(0, index).some(other => kindOf(other) === kindOf(call))) return false
      world.inject(call)
    }
    world.endStep()
    if (step.inject.length === 0 && step.heal === 'nothing') return false
  }
  const last = steps.at(-1)
  if (!gone && losesLeaderDisk(steps) && ground.replicas > 1 && !ground.elects) return false
  if (!gone) return last !== undefined && last.inject.length === 0 && last.heal === 'all'
  const endsLeader = (call: DrawnCall) => kindOf(call) === 'leader' && effectsOf(call).includes('ends-node')
  return ground.canBeGone && (last?.inject ?? []).some(endsLeader) && world.onlyLastIsAway
}

const losesLeaderDisk = (steps: readonly DrawnStep[]) =>
  steps.some(({ inject }) => inject.some(call => kindOf(call) === 'leader' && effectsOf(call).includes('loses-data')))

export function endingOf({ steps, gone }: Pick<Draw, 'steps' | 'gone'>): Ending {
  if (gone) return 'gone'
  return steps.some(({ inject }) => inject.some(call => losesMessages(effectsOf(call)))) ? 'damaged' : 'healed'
}

/** Whether most brokers are away at some time, so that controllers that live on brokers have no majority. */
export function losesMostBrokers(steps: readonly DrawnStep[], brokers: number): boolean {
  let away = 0
  for (const { heal, inject } of steps) {
    if (heal !== 'nothing') away = 0
    for (const call of inject) if (takesNode(effectsOf(call))) away += hit(call, brokers)
    if (away * 2 > brokers && away < brokers) return true
  }
  return false
}

function hit(call: DrawnCall, brokers: number): number {
  if (call.target === 'other-than(leader)') return brokers - 1
  if (call.target === 'majority') return Math.floor(brokers / 2) + 1
  if (call.target === 'all') return brokers
  return kindOf(call) === 'other' ? 0 : 1
}
