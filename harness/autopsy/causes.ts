/** Every cause that an autopsy can establish. The code is stable, the text is for people. */
export const causes = {
  'truncated-after-election':
    'The messages lay on the old leader alone; a replica without them was elected, its log went on at their offsets, and the old leader truncated to it.',
  'sent-without-leader': 'The messages were sent between the death of the leader and the election of the next: with acks=0 nothing tells the producer that nobody took them.',
  'client-error': 'The acknowledgement was untrue: within one leader epoch another message stands at the offset that it named.',
  'not-established': 'The evidence does not suffice.',
} as const

export type CauseCode = keyof typeof causes

export interface Cause {
  code: CauseCode
  text: string
}
