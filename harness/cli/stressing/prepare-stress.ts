/** What a stress needs before its first trial: the machine, and what can be drawn on it. */
import { LossproofError } from '../../../model/errors.ts'
import type { Draw, DrawnCall } from '../../../model/stress/stress.ts'
import { findFault } from '../../../faults/index.ts'
import { planAll } from '../../stress/compose.ts'
import { firstStep, spaceOf } from '../../stress/space.ts'
import type { Space, SpaceOptions } from '../../stress/space.ts'
import type { Subject } from '../../stress/subject.ts'
import type { ExecuteArguments } from '../options/execute-options.ts'
import { prepareMachine } from '../prepare/prepare-machine.ts'
import type { Machine } from '../prepare/prepare-machine.ts'
import type { ProgressLines } from '../terminal/progress.ts'

export interface PreparedStress {
  machine: Machine
  space: Space
}

/** What the user wants to be drawn. */
export type Wanted = Omit<SpaceOptions, 'lacking'>

/** What could be drawn if the machine could cause every fault. Throws LossproofError('scenario') for settings that cannot run. */
export const wholeSpace = (subject: Subject, wanted: Wanted): Space =>
  spaceOf(subject, { lacking: new Map(), ...wanted })

/**
 * Prepares the machine for every fault that can be drawn, and leaves out those that it cannot cause. Throws
 * LossproofError with exit code 2 or 3 before anything starts.
 */
export async function prepareStress(
  whole: Space,
  wanted: Wanted,
  args: ExecuteArguments,
  progress: ProgressLines,
  signal: AbortSignal,
): Promise<PreparedStress> {
  const { subject } = whole
  // One trial for each set of capabilities, which is never run.
  const byNeeds = [...Map.groupBy(whole.calls, needsOf)]
  const trials = byNeeds.map(([, calls], at) => ({ name: `needs-${at + 1}`, draw: drawOf(calls) }))
  const plan = planAll('stress', trials, subject, 1)
  const machine = await prepareMachine(plan, { ...args, 'skip-missing': true }, progress, signal)
  const lacking = new Map<string, string>()
  for (const [at, [needs, calls]] of byNeeds.entries()) {
    const reason = machine.skipped.get(`needs-${at + 1}`)
    if (reason === undefined) continue
    if (needs === '' || needs === 'docker') throw new LossproofError('capability-missing', reason)
    for (const { fault } of calls) lacking.set(fault, reason)
  }
  return { machine, space: spaceOf(subject, { lacking, ...wanted }) }
}

const needsOf = ({ fault }: DrawnCall): string => (findFault(fault)?.needs ?? []).toSorted().join()

const drawOf = ([call]: readonly DrawnCall[]): Pick<Draw, 'steps' | 'gone' | 'lanes'> => ({
  steps: [firstStep(call)],
  gone: false,
  lanes: [{ kind: 'own', settings: {} }],
})
