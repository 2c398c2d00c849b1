/** What faults do to messages and to those that hold them. Random schedules are drawn from these facts. */
export const faultEffects = {
  'ends-node': 'its targets are gone until it is healed',
  'silences-node': 'its targets answer nobody until it is healed, and do not know it',
  'restarts-node': 'its targets are gone for a moment and come back by themselves',
  'delays-copies': 'what its targets store reaches other replicas late or not at all',
  'moves-leadership': 'another replica takes over from its targets while they run',
  'loses-unflushed': 'what its targets had not flushed is gone',
  'loses-data': 'everything that its targets had stored is gone',
  'refuses-writes': 'its targets can store nothing, and some systems then stop',
  'ends-client': 'its targets are client processes, which are gone until it is healed',
  'silences-client': 'its targets are client processes, which stand still until it is healed',
  'loses-requests': 'what clients send does not arrive',
  'loses-answers': 'what brokers answer does not arrive',
  slows: 'everything works, but late',
  gentle: 'its targets are told before, and can finish what they do',
} as const

export type FaultEffect = keyof typeof faultEffects
