/** For tests: a small scenario, its plan, and what the planner says about a changed one. */
import { LossproofError } from '../../../model/errors.ts'
import type { Plan } from '../../../model/plan.ts'
import { makePlan } from '../plan.ts'
import type { PlanOptions } from '../plan.ts'
import { ScenarioSource } from '../scenario/source.ts'

export const demo = `name: demo
system: kafka
cluster: { brokers: 3, broker: { replica.lag.time.max.ms: 60000 } }
lanes:
  defaults:
    topic: { replication.factor: 3, min.insync.replicas: 1 }
    client: kafkajs
  matrix:
    producer.acks: [1, all]
workload: { rate: 200/s, size: 100B }
schedule:
  - after: { acked: 200 }
    inject: { fault: cut-replication, target: leader, window: cut }
  - after: { acked: 50, in: cut, lane: acks=1 }
    inject: { fault: crash, target: leader }
  - after: { leader-changed: true }
    heal: all
expect:
  - when: { producer.acks: 1 }
    lost: acked-in(cut)
  - when: { producer.acks: all }
    lost: 0
claim: An acknowledgement by the leader alone does not survive the leader.
`

const options: PlanOptions = { seed: 7, defaultVersions: { kafka: '4.3.1', rocketmq: '5.5.0' } }

export function planOf(yaml: string, extra: Partial<PlanOptions> = {}): Plan {
  return makePlan('demo', ScenarioSource.all('demo.yaml', yaml), { ...options, ...extra })
}

/** The message and hint with which the planner refuses the scenario; throws when it accepts the scenario. */
export function refusalOf(yaml: string, extra: Partial<PlanOptions> = {}): { message: string; hint: string } {
  try {
    planOf(yaml, extra)
  } catch (error) {
    if (error instanceof LossproofError && error.exitCode === 2)
      return { message: error.message, hint: error.hint ?? '' }
    throw error
  }
  throw new Error('the planner accepted the scenario')
}

/** `yaml` with `from` replaced; throws when `from` is not in it, so that a test cannot check an unchanged scenario. */
export function changed(yaml: string, from: string, to: string): string {
  if (!yaml.includes(from)) throw new Error(`the scenario does not contain ${from}`)
  return yaml.replace(from, to)
}
