/**
 * What only some systems can do. A fault or a trigger names the ability that it needs; the planner refuses it for a
 * system that lacks the ability.
 */
export const abilities = {
  'leadership-transfer': 'an operator can move leadership to another in-sync replica',
  'controller-epochs': 'each elected controller has a higher epoch than the one before, and brokers report it',
  'broker-mesh': 'every broker talks to every other broker, whichever of them leads',
  'flush-progress': 'its brokers report how much of what they wrote is not flushed yet',
} as const

export type Ability = keyof typeof abilities
