/** The plan in words, for the terminal. */
import { triggerWords } from '../../../model/trigger-words.ts'
import type { Plan, Step, Trial } from '../../../model/plan.ts'
import { systemFacts } from '../../../systems/index.ts'

export function describePlan(plan: Plan): string {
  const lines = [
    `${plan.cells.length} cells in ${plan.trials.length} trials, about ${estimate(plan)} s one after the other`,
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
  return `${system} ${cluster.version}, ${systemFacts(system).describeCluster({ system, cluster })}`
}

/** A rough guess from measured trials: boot, load, a failover and a rejoin for each step that injects. */
function estimate(plan: Plan): number {
  return plan.trials.reduce(
    (sum, trial) => sum + 12 + 6 * trial.schedule.filter(step => step.inject.length > 0).length,
    0,
  )
}
