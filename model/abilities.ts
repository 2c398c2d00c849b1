/**
 * What only some systems can do. A fault or a trigger names the ability that it needs; the planner refuses it for a
 * system that lacks the ability.
 */
export const abilities = {
  'transfer-leadership': 'an operator can move the leadership of a partition to another broker',
  'controller-epoch': 'its controllers report which of them is active, with an epoch',
  'replication-mesh': 'every broker can replicate from every other',
  application: 'the harness can follow the group of an application and read the topic that it writes',
  'flush-progress': 'its brokers report how much of what they wrote is not flushed yet',
} as const

export type Ability = keyof typeof abilities
