/** The cluster of `TestCluster` on a real engine: each topic that a call names gets an observer of its own. */
import type { Janitor } from '../../../docker/cleanup/janitor.ts'
import { findFault } from '../../../faults/index.ts'
import type { FaultEvidence, Injected } from '../../../faults/fault.ts'
import type { EventLog } from '../../../history/appender.ts'
import { LossproofError } from '../../../model/errors.ts'
import type { FaultCall, Lane, Settings, Trial } from '../../../model/plan.ts'
import { WaitExpired, waitFor } from '../../../model/wait.ts'
import type { ObservedPartition, StartedCluster, TrialSystem } from '../../../systems/shared/live-system.ts'
import { Fleet } from '../../trial/clients/fleet.ts'
import { Producers } from '../../trial/clients/producers.ts'
import type { TrialContext } from '../../trial/context.ts'
import { waitForRecovery } from '../../trial/finish/recovery.ts'
import { faultContext } from '../../trial/schedule/fault-context.ts'
import { resolveTarget } from '../../trial/schedule/targets.ts'
import { planOwn } from '../run-scenario.ts'
import type { ScenarioInput } from '../run-scenario.ts'
import { asLossproofError } from '../surroundings.ts'
import type { Cleanups } from '../../trial/cleanups.ts'
import { knownFaults } from './fault-ids.ts'
import type { FaultId } from './fault-ids.ts'
import { holdersIn } from './holders.ts'
import type { InjectedFault, InjectOptions, Partition, TestCluster } from './types.ts'

const topicLimitMs = 30_000
const newTopicLimitMs = 5000

interface Parts {
  trial: Trial
  started: StartedCluster
  log: EventLog
  janitor: Janitor
  /** What the cluster owns; run when it is removed. */
  cleanups: Cleanups
  /** As a scenario describes the cluster. */
  description: Pick<ScenarioInput, 'system' | 'cluster'>
}

interface ActiveFault {
  call: FaultCall
  injected: Injected
  /** Read once, before the next fault hides it. */
  evidence: FaultEvidence | undefined
}

export class LiveTestCluster implements TestCluster {
  readonly bootstrap: readonly string[]
  readonly consumerBootstrap: readonly string[]
  readonly #parts: Parts
  readonly #lane: Lane
  readonly #closing = new AbortController()
  /** By topic; the key undefined is the view without topics. */
  readonly #views = new Map<string | undefined, Promise<TrialSystem>>()
  /** Number of partitions by topic. */
  readonly #sizes = new Map<string, number>()
  #faults: ActiveFault[] = []
  #lastHit: number | undefined

  constructor(parts: Parts) {
    const [lane] = parts.trial.lanes
    if (lane === undefined) throw new Error('a cluster without a lane')
    this.#parts = parts
    this.#lane = lane
    const system = this.#attach([])
    this.#views.set(undefined, Promise.resolve(system))
    parts.cleanups.add(async () => this.#detach())
    this.bootstrap = system.clientConnection('producer', lane).bootstrap
    this.consumerBootstrap = system.clientConnection('consumer', lane).bootstrap
  }

  /** Waits until every broker knows every other one and a first record was written. */
  async ready(signal: AbortSignal): Promise<void> {
    const end = () => this.#closing.abort(signal.reason)
    signal.addEventListener('abort', end, { once: true })
    try {
      await (await this.#view(undefined)).prepare()
    } finally {
      signal.removeEventListener('abort', end)
    }
  }

  async inject(fault: FaultId, target?: string, options: InjectOptions = {}): Promise<InjectedFault> {
    return this.#whileOpen(async () => {
      const call = this.#planned(fault, target, options.params ?? {})
      for (const earlier of this.#faults) await evidenceOf(earlier)
      const definition = findFault(call.fault)
      if (definition === undefined) throw new Error(`the planner accepted the unknown fault "${call.fault}"`)
      const system = await this.#view(options.topic)
      const context = this.#context(system)
      const resolved = await resolveTarget(
        { ...context, system: { nodesOf: async role => holdersIn(system, role, options, this.#lastHit) } },
        call.target,
      )
      this.#lastHit = resolved.nodes[0]?.id ?? this.#lastHit
      const injected = await definition.inject(faultContext(context), resolved, call.params)
      const active: ActiveFault = { call, injected, evidence: undefined }
      this.#faults.push(active)
      const hit = [...resolved.nodes, ...resolved.links].map(({ name }) => name)
      return { fault, target: call.target, hit, evidence: async () => this.#whileOpen(async () => evidenceOf(active)) }
    })
  }

  async heal(): Promise<void> {
    await this.#whileOpen(async () => {
      const faults = this.#faults.toReversed()
      this.#faults = []
      const unproved: string[] = []
      const failures: unknown[] = []
      const attempt = async (work: () => Promise<void>) => work().catch((error: unknown) => failures.push(error))
      for (const fault of faults)
        await attempt(async () => {
          const { complete, seen } = await evidenceOf(fault)
          const { call } = fault
          if (!complete) unproved.push(`${call.fault} ${call.target} left no evidence: ${JSON.stringify(seen)}`)
        })
      for (const { injected } of faults) await attempt(async () => injected.heal())
      if (failures.length > 0) throw failures[0]
      const since = this.#parts.log.now()
      for (const view of this.#views.values()) {
        const system = await view
        await waitForRecovery(this.#context(system), since)
        await this.#ends(system)
      }
      if (unproved.length > 0)
        throw new LossproofError('cluster', unproved.join('; '), {
          hint: 'some faults show only under load: send while the fault lasts',
        })
    })
  }

  async partitions(topic: string): Promise<Partition[]> {
    return this.#whileOpen(async () => {
      const observed = await this.#allPartitions(topic, await this.#view(topic))
      return observed.map(({ p, view: { leader, epoch, replicas, isr } }) => ({
        partition: p,
        leader,
        epoch,
        replicas,
        isr,
      }))
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.cleanups.run()
  }

  /** Ends all waits, and the observers of all topics. */
  async #detach(): Promise<void> {
    this.#closing.abort(new LossproofError('usage', 'the cluster was removed'))
    const views = await Promise.allSettled(this.#views.values())
    this.#views.clear()
    for (const view of views) if (view.status === 'fulfilled') await view.value[Symbol.asyncDispose]()
  }

  #attach(lanes: Trial['lanes']): TrialSystem {
    const { trial, started, log } = this.#parts
    return started.attach({ ...trial, lanes }, log, this.#closing.signal)
  }

  /** The view of the cluster with the partitions of `topic`, which has to exist. */
  async #view(topic: string | undefined): Promise<TrialSystem> {
    const known = this.#views.get(topic)
    if (known !== undefined) return known
    const made = this.#watch(topic ?? '')
    this.#views.set(topic, made)
    // A topic that does not exist yet may exist later.
    made.catch(() => this.#views.delete(topic))
    return made
  }

  async #watch(name: string): Promise<TrialSystem> {
    const lane = this.#lane
    const shape = await this.#shapeOf(name)
    const system = this.#attach([{ ...lane, id: name, topic: { ...lane.topic, ...shape, name } }])
    system.foreignTopics?.watch()
    this.#sizes.set(name, shape.partitions)
    await this.#allPartitions(name, system)
    return system
  }

  /** Waits a while for a topic that does not exist: what a controller has created, brokers know a little later. */
  async #shapeOf(topic: string) {
    const { foreignTopics } = await this.#view(undefined)
    const wait = { what: `topic ${topic}`, limitMs: newTopicLimitMs, signal: this.#closing.signal }
    try {
      return await waitFor(wait, async () => {
        const value = await foreignTopics?.shape(topic)
        return value === undefined ? { seen: 'no such topic' } : { value, seen: '' }
      })
    } catch (error) {
      if (!(error instanceof WaitExpired)) throw error
      throw new LossproofError('usage', `the cluster has no topic "${topic}"`, {
        hint: 'create it first',
        cause: error,
      })
    }
  }

  /** All partitions of a topic: while brokers fail, their answers can be missing for a moment. */
  async #allPartitions(topic: string, { observer }: TrialSystem): Promise<ObservedPartition[]> {
    const what = `all partitions of ${topic} reported`
    return waitFor({ what, limitMs: topicLimitMs, signal: this.#closing.signal }, () => {
      const found = observer.partitions()
      const seen = observer.describe()
      return found.length === this.#sizes.get(topic) ? { value: found, seen } : { seen }
    })
  }

  /** Waits until consumers can ask every partition for its end. */
  async #ends({ foreignTopics }: TrialSystem): Promise<void> {
    const wait = { what: 'every partition tells where it ends', limitMs: topicLimitMs, signal: this.#closing.signal }
    await waitFor(wait, async () => {
      const missing = (await foreignTopics?.withoutEnd()) ?? []
      const seen = missing.join('; ')
      return missing.length === 0 ? { value: true, seen } : { seen }
    })
  }

  /** The call as a scenario would plan it, with defaults. Refuses what the cluster or the fault does not have. */
  #planned(fault: FaultId, target: string | undefined, params: Settings): FaultCall {
    const { description, trial } = this.#parts
    const needs = findFault(fault)?.needs ?? []
    if (!knownFaults.includes(fault) && findFault(fault) !== undefined)
      throw new LossproofError('usage', `${fault} hits client processes of scenarios; end your own process instead`)
    const inject = { ...params, fault, ...(target === undefined ? {} : { target }) }
    const schedule = [{ after: { acked: 1 }, inject }]
    const scenario = { ...description, name: 'inject', lanes: { cells: [{}] }, schedule }
    const [planned] = planOwn('inject', scenario).trials
    const call = planned?.schedule[0]?.inject[0]
    if (call === undefined) throw new Error('a plan without the fault')
    const missing = needs.filter(need => !trial.needs.includes(need))
    if (missing.length > 0)
      throw new LossproofError('usage', `${fault} needs ${missing.join(', ')}, which the start did not prepare`, {
        hint: `name it when the cluster starts: { faults: ['${fault}'] }`,
      })
    return call
  }

  /** A trial's context without clients of its own. */
  #context(system: TrialSystem): TrialContext {
    const { trial, started, log, janitor } = this.#parts
    const { signal } = this.#closing
    return {
      trial,
      system,
      cluster: started.cluster,
      observer: system.observer,
      producers: new Producers(new Fleet([]), log, signal),
      consumers: undefined,
      extracts: undefined,
      lastHit: this.#lastHit,
      log,
      janitor,
      signal,
      progress: () => {},
    }
  }

  async #whileOpen<T>(work: () => Promise<T>): Promise<T> {
    try {
      this.#closing.signal.throwIfAborted()
      return await work()
    } catch (error) {
      throw asLossproofError(error, this.#closing.signal)
    }
  }
}

async function evidenceOf(fault: ActiveFault): Promise<FaultEvidence> {
  fault.evidence ??= await fault.injected.evidence()
  return fault.evidence
}
