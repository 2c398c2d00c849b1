/** A trigger in words, for plans, histories and errors. */
import type { Trigger } from './plan.ts'

/** Counts that only grow. They can start at the opening of a window or at the last step. */
export const countedKeys = ['acked', 'sent', 'rejected', 'delivered', 'processed', 'committed'] as const
/** Counts of what is in flight now. */
export const flightKeys = ['unanswered', 'uncommitted', 'backlog'] as const

const flags = [
  ['leaderChanged', 'the leader changed'],
  ['offline', 'no leader'],
  ['recovered', 'every replica back in step'],
  ['flushed', 'nothing left to flush'],
  ['clientGone', 'a client process ended'],
] as const

/** `50 acked in cut, ISR={leader}` */
export function triggerWords(trigger: Trigger): string {
  const since = trigger.in === undefined ? (trigger.sinceLastStep ? ' since the last step' : '') : ` in ${trigger.in}`
  const words = [
    ...countedKeys.flatMap(key => (trigger[key] === undefined ? [] : [`${trigger[key]} ${key}${since}`])),
    ...flightKeys.flatMap(key => (trigger[key] === undefined ? [] : [`${trigger[key]} ${key}`])),
    ...(trigger.isr === undefined ? [] : [trigger.isr === 'leader' ? 'ISR={leader}' : `ISR of ${trigger.isr}`]),
    ...(trigger.elapsedMs === undefined ? [] : [`${trigger.elapsedMs / 1000} s since the last step`]),
    ...flags.flatMap(([key, text]) => (trigger[key] ? [text] : [])),
  ]
  return words.join(', ')
}
