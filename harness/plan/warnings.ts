/** What a plan allows and its author probably did not mean. */
import type { Trial } from '../../model/plan.ts'
import { systemFacts } from '../../systems/index.ts'
import type { ScenarioSource } from './scenario/source.ts'

/** Sentences that begin with the name of the scenario. */
export function warningsOf(source: ScenarioSource, trial: Trial): string[] {
  const warnings = [...systemFacts(trial.system).planning.warnings(trial), ...unreachable(trial)]
  return warnings.map(text => `${source.scenario.name}: ${text}`)
}

/** Triggers that count more messages than the lanes will send. */
function unreachable({ schedule, lanes }: Trial): string[] {
  return schedule.flatMap(({ after }, index) => {
    const count = Math.max(after.acked ?? 0, after.sent ?? 0)
    const messages = count === 1 ? '1 message' : `${count} messages`
    const short = lanes.find(({ id, workload }) => after.lanes.includes(id) && (workload.messages ?? Infinity) < count)
    return short === undefined
      ? []
      : [
          `step ${index + 1} waits for ${messages}, but lane ${short.id} sends only ${short.workload.messages ?? 0} ` +
            '(workload.messages), so the step never begins',
        ]
  })
}
