/**
 * Runs the schedule of a trial: waits for each step's trigger, closes and opens windows around it, injects and heals
 * faults. It records what happens and judges nothing.
 */
import { findFault } from '../../../faults/index.ts'
import type { Fault, FaultContext, Injected } from '../../../faults/fault.ts'
import { LossproofError } from '../../../model/errors.ts'
import type { FaultCall, Step } from '../../../model/plan.ts'
import type { TrialContext } from '../context.ts'
import type { PhaseClock } from '../phases.ts'
import { waitForRecovery } from '../finish/recovery.ts'
import { resolveTarget } from './targets.ts'
import { countersOf, waitForTrigger } from './triggers.ts'
import type { Baseline } from './triggers.ts'
import { WaitExpired, waitFor } from '../../../model/wait.ts'

const limits = { quietMs: 30_000, equalEndsMs: 30_000 }

interface InjectedFault {
  call: FaultCall
  injected: Injected
  /** Its evidence has been read. */
  proved: boolean
  healed: boolean
}

export class ScheduleRunner {
  readonly #context: TrialContext
  readonly #faultContext: FaultContext
  readonly #find: (id: string) => Fault | undefined
  readonly #limits: typeof limits
  readonly #faults: InjectedFault[] = []
  readonly #baseline: Baseline
  #open: { window: string; quiesced: boolean } | undefined

  /** Tests give their own faults and limits. */
  constructor(context: TrialContext, faultContext: FaultContext, find = findFault, limit = limits) {
    this.#context = context
    this.#faultContext = faultContext
    this.#find = find
    this.#limits = limit
    this.#baseline = { windows: new Map(), lastStep: new Map(), lastStepAt: 0, partitions: [] }
  }

  /** Keeps the present leaders, for triggers that wait until they change. */
  rememberLeaders(): void {
    this.#baseline.partitions = this.#context.observer.partitions()
  }

  /** Takes all steps in order, then heals what is still broken. Throws when a step cannot be taken. */
  async run(phases: PhaseClock): Promise<void> {
    const { trial, log, progress } = this.#context
    this.#baseline.lastStepAt = log.now()
    for (const [index, step] of trial.schedule.entries()) {
      const seen = await waitForTrigger(this.#context, step.after, this.#baseline)
      if (step.inject.length > 0) phases.begin('fault')
      if (step.heal !== undefined) phases.begin('heal')
      log.write({ kind: 'step', step: index, seen })
      progress(describeStep(step))
      await this.#take(step)
      this.#baseline.lastStep = countersOf(this.#context)
      this.#baseline.lastStepAt = log.now()
    }
    await this.#closeWindow(this.#open?.quiesced ?? false)
    await this.#proveAll()
    if (trial.recovery !== 'slaves') await this.#heal(this.#faults.map(({ call }) => call.id))
    else await this.#recover()
    this.#context.producers.resume()
  }

  async #take(step: Step): Promise<void> {
    const { producers } = this.#context
    await this.#closeWindow(step.quiesce)
    await this.#proveAll()
    if (step.heal !== undefined)
      await this.#heal(step.heal === 'all' ? this.#faults.map(({ call }) => call.id) : step.heal)
    if (step.window !== undefined) await this.#waitForQuiet(step.quiesce)
    if (step.inject.length > 0) this.rememberLeaders()
    for (const call of step.inject) await this.#inject(call, step.window)
    if (step.window !== undefined) this.#openWindow(step.window, step.quiesce)
    producers.resume()
  }

  async #closeWindow(quiesce: boolean): Promise<void> {
    const { producers, log, trial } = this.#context
    if (quiesce) {
      await producers.pause()
      await producers.settle(trial.lanes.map(lane => lane.id))
    }
    if (this.#open) log.write({ kind: 'window-close', window: this.#open.window, quiesced: quiesce })
    this.#open = undefined
  }

  /** A quiesced window opens with nothing in flight and all replicas of a partition ending at the same offset. */
  async #waitForQuiet(quiesce: boolean): Promise<void> {
    const { producers, trial, observer, signal, log } = this.#context
    if (!quiesce || this.#faults.some(fault => !fault.healed)) return
    try {
      await producers.quiet(
        trial.lanes.map(lane => lane.id),
        this.#limits.quietMs,
      )
      await waitFor(
        { what: 'replica end offsets equal', limitMs: this.#limits.equalEndsMs, intervalMs: 20, signal },
        async () => {
          const ends = await observer.replicaEnds()
          const unequal = ends.filter(partition => new Set(Object.values(partition.ends)).size !== 1)
          const seen = unequal
            .map(({ lane, partition, ends: at }) => `${lane}-${partition}: ${JSON.stringify(at)}`)
            .join('; ')
          return ends.length > 0 && unequal.length === 0 ? { value: true, seen } : { seen }
        },
      )
    } catch (error) {
      if (!(error instanceof WaitExpired)) throw error
      log.write({ kind: 'wait-expired', what: error.what, limitMs: error.limitMs, seen: error.seen })
    }
  }

  #openWindow(window: string, quiesced: boolean): void {
    const { log } = this.#context
    this.#baseline.windows.set(window, countersOf(this.#context))
    log.write({ kind: 'window-open', window, quiesced })
    this.#open = { window, quiesced }
  }

  async #inject(call: FaultCall, window: string | undefined): Promise<void> {
    const { log } = this.#context
    const fault = this.#find(call.fault)
    if (!fault) throw new LossproofError('internal', `the plan has an unknown fault "${call.fault}"`)
    const target = await resolveTarget(this.#context, call.target)
    const hit = fault.kind === 'client' ? target.clients : [...target.nodes, ...target.links]
    log.write({
      kind: 'fault',
      id: call.id,
      fault: call.fault,
      target: call.target,
      nodes: hit.map(({ name }) => name),
      ...(window === undefined ? {} : { window }),
    })
    const injected = await fault.inject(this.#faultContext, target, call.params)
    log.write({ kind: 'injected', id: call.id })
    this.#context.extracts?.injected(this.#baseline.partitions.map(({ view }) => view.leader))
    this.#faults.push({ call, injected, proved: false, healed: false })
  }

  /** Reads the evidence of every fault that still lasts and has not been proved yet. */
  async #proveAll(): Promise<void> {
    for (const fault of this.#faults) {
      if (fault.proved || fault.healed) continue
      const { complete, seen } = await fault.injected.evidence()
      fault.proved = true
      this.#context.log.write({ kind: 'evidence', id: fault.call.id, complete, evidence: seen })
    }
  }

  /**
   * Heals in reverse order. Tries all of them, then throws the first failure. Faults that are healed already are
   * skipped.
   */
  async #heal(ids: readonly string[]): Promise<void> {
    const { log, extracts, observer } = this.#context
    const failures: unknown[] = []
    const chosen = this.#faults.filter(({ call, healed }) => ids.includes(call.id) && !healed).toReversed()
    if (chosen.length > 0) await extracts?.healing(observer.partitions().map(({ view }) => view.leader))
    for (const fault of chosen) {
      try {
        await fault.injected.heal()
        fault.healed = true
        log.write({ kind: 'healed', id: fault.call.id })
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw failures[0]
    if (chosen.length > 0 && this.#faults.every(fault => fault.healed)) await this.#recover()
  }

  async #recover(): Promise<void> {
    const { log, progress, producers } = this.#context
    progress('waiting until every replica is back in sync')
    // Load goes on while replicas recover, as it does in production.
    producers.resume()
    log.write({ kind: 'recovered', seen: await waitForRecovery(this.#context, log.now()) })
  }
}

function describeStep(step: Step): string {
  const parts = [
    ...step.inject.map(call => `${call.fault} ${call.target}`),
    ...(step.heal === undefined ? [] : [`heal ${step.heal === 'all' ? 'all' : step.heal.join(', ')}`]),
    ...(step.window === undefined ? [] : [`window ${step.window}`]),
  ]
  return parts.join(', ')
}
