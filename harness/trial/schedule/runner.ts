/**
 * Runs the schedule: waits for each step's trigger, closes and opens windows around it, injects, heals. What happened
 * is written down as it happens; nothing here judges.
 */
import { findFault } from '../../../faults/index.ts'
import type { FaultContext, Injected } from '../../../faults/fault.ts'
import { LossproofError } from '../../../model/errors.ts'
import type { FaultCall, Step } from '../../../model/plan.ts'
import type { TrialContext } from '../context.ts'
import type { PhaseClock } from '../phases.ts'
import { waitForRecovery } from '../finish/recovery.ts'
import { resolveTarget } from './targets.ts'
import { countersOf, waitForTrigger } from './triggers.ts'
import type { Baseline } from './triggers.ts'
import { WaitExpired, waitFor } from '../../../model/wait.ts'

const quietLimitMs = 10_000
const equalLimitMs = 10_000

interface Active {
  call: FaultCall
  injected: Injected
  proved: boolean
  healed: boolean
}

export class ScheduleRunner {
  readonly #context: TrialContext
  readonly #faultContext: FaultContext
  readonly #active: Active[] = []
  readonly #baseline: Baseline
  #open: { window: string; quiesced: boolean } | undefined

  constructor(context: TrialContext, faultContext: FaultContext) {
    this.#context = context
    this.#faultContext = faultContext
    this.#baseline = { windows: new Map(), lastStep: new Map(), lastStepAt: 0, partitions: [] }
  }

  /** Takes the leaders as they are now for what later triggers compare with. */
  arm(): void {
    this.#baseline.partitions = this.#context.observer.partitions()
  }

  /** All steps in order, then whatever is not healed yet. Throws when a step cannot be done. */
  async run(phases: PhaseClock): Promise<void> {
    const { trial, log, progress } = this.#context
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
    if (trial.recovery !== 'slaves') await this.#heal(this.#active.map(active => active.call.id))
    else await this.#recover()
    this.#context.producers.resume()
  }

  async #take(step: Step): Promise<void> {
    const { producers } = this.#context
    await this.#closeWindow(step.quiesce)
    await this.#proveAll()
    if (step.heal !== undefined)
      await this.#heal(step.heal === 'all' ? this.#active.map(active => active.call.id) : step.heal)
    if (step.window !== undefined) await this.#beforeWindow(step.quiesce)
    if (step.inject.length > 0) this.arm()
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

  /** A quiesced window opens with nothing in flight and every replica's log ending at the same offset. */
  async #beforeWindow(quiesce: boolean): Promise<void> {
    const { producers, trial, observer, signal } = this.#context
    if (!quiesce || this.#active.some(active => !active.healed)) return
    try {
      await producers.quiet(
        trial.lanes.map(lane => lane.id),
        quietLimitMs,
      )
      await waitFor({ what: 'replica end offsets equal', limitMs: equalLimitMs, intervalMs: 20, signal }, async () => {
        const ends = await observer.replicaEnds()
        const apart = ends.filter(partition => new Set(Object.values(partition.ends)).size !== 1)
        const seen = apart
          .map(({ lane, partition, ends: at }) => `${lane}-${partition}: ${JSON.stringify(at)}`)
          .join('; ')
        return ends.length > 0 && apart.length === 0 ? { value: true, seen } : { seen }
      })
    } catch (error) {
      if (!(error instanceof WaitExpired)) throw error
      this.#expired(error)
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
    const fault = findFault(call.fault)
    if (!fault) throw new LossproofError('internal', `unknown fault ${call.fault} in the plan`)
    const target = await resolveTarget(this.#context, call.target)
    const hit = fault.actsOn === 'client-processes' ? target.clients : [...target.nodes, ...target.links]
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
    this.#active.push({ call, injected, proved: false, healed: false })
  }

  /** Reads back the evidence of every fault that has not been proved yet, while it still lasts. */
  async #proveAll(): Promise<void> {
    for (const active of this.#active) {
      if (active.proved || active.healed) continue
      const evidence = await active.injected.evidence()
      active.proved = true
      this.#context.log.write({
        kind: 'evidence',
        id: active.call.id,
        complete: evidence.complete,
        evidence: evidence.seen,
      })
    }
  }

  /** In reverse order, whatever fails in between; the first failure is thrown at the end. Idempotent. */
  async #heal(ids: string[]): Promise<void> {
    const { log } = this.#context
    const failures: unknown[] = []
    const chosen = this.#active.filter(active => ids.includes(active.call.id) && !active.healed).toReversed()
    if (chosen.length > 0)
      await this.#context.extracts?.healing(this.#context.observer.partitions().map(({ view }) => view.leader))
    for (const active of chosen) {
      try {
        await active.injected.heal()
        active.healed = true
        log.write({ kind: 'healed', id: active.call.id })
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw failures[0]
    if (chosen.length > 0 && this.#active.every(active => active.healed)) await this.#recover()
  }

  async #recover(): Promise<void> {
    const { log, progress, producers } = this.#context
    progress('waiting until every replica is back in step')
    // Load goes on while replicas come back, as it does in life.
    producers.resume()
    log.write({ kind: 'recovered', seen: await waitForRecovery(this.#context, log.now()) })
  }

  #expired(error: WaitExpired): void {
    this.#context.log.write({ kind: 'wait-expired', what: error.what, limitMs: error.limitMs, seen: error.seen })
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
