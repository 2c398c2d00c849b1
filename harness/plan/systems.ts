import { kafkaPlan } from './kafka.ts'
import { rocketmqPlan } from './rocketmq.ts'
import type { SystemPlan } from './system.ts'
import type { System } from './types.ts'

/** The planner's knowledge of each system. */
export const systemPlans: Readonly<Record<System, SystemPlan>> = { kafka: kafkaPlan, rocketmq: rocketmqPlan }
