/** The plan as text for the terminal. */
import { triggerWords } from '../../../model/trigger-words.ts'
import type { Plan, Step, Trial } from '../../../model/plan.ts'
import { systemFacts } from '../../../systems/index.ts'
import { systemLabel } from '../words/systems.ts'
import { plural } from '../words/numbers.ts'

export function describePlan(plan: Plan): string {
  const lines = [
    `${plural(plan.cells.length, 'cell')} in ${plural(plan.trials.length, 'trial')}, about ${estimate(plan)} s one after the other`,
    '',
  ]
  for (const trial of plan.trials) {
    lines.push(`trial ${trial.id}: ${describeCluster(trial)}`)
    for (const cell of plan.cells.filter(found => found.trial === trial.id)) {
      const expected = cell.expect.map(expectation => `${expectation.what}: ${expectation.text}`).join(', ')
      lines.push(`  lane ${cell.lane.padEnd(32)} expect ${expected || 'lost: 0, clientLost: 0, skipped: 0'}`)
    }
    trial.schedule.forEach((step, index) => lines.push(`  step ${index + 1}: ${describeStep(step)}`))
    lines.push('')
  }
  for (const claim of plan.claims) lines.push(`claim ${claim.id} (${claim.cells.length} cells): ${claim.text}`)
  return `${lines.join('\n').trimEnd()}\n`
}

export function describeStep(step: Step): string {
  const { after } = step
  const acts = [
    ...step.inject.map(call => `${call.fault} ${call.target}`),
    ...(step.heal === undefined ? [] : [`heal ${step.heal === 'all' ? 'all' : step.heal.join(', ')}`]),
    ...(step.window === undefined ? [] : [`open window ${step.window}`]),
  ]
  return `after ${triggerWords(after)} (at most ${after.limitMs / 1000} s): ${acts.join(', ')}`
}

export function describeCluster({ system, cluster }: Trial): string {
  return `${systemLabel(system)} ${cluster.version}, ${systemFacts(system).describeCluster({ system, cluster })}`
}

/** A rough estimate from measured trials: 12 s for boot and load, 6 s for each step that injects a fault. */
function estimate(plan: Plan): number {
  return plan.trials.reduce(
    (sum, trial) => sum + 12 + 6 * trial.schedule.filter(step => step.inject.length > 0).length,
    0,
  )
}
