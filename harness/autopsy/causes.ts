/** Every cause that an autopsy can establish. The code is stable, the text is for people. */
export const causes = {
  'truncated-after-election':
    'The messages lay on replicas that did not come to lead; one without them was elected, and its log went on at their offsets.',
  'sent-without-leader': 'The messages were sent between the death of the leader and the election of the next: with acks=0 nothing tells the producer that nobody took them.',
  'never-reached-leader': 'The messages were sent while the link from the producer to the brokers swallowed everything: with acks=0 nothing tells the producer.',
  'unsynced-pages': 'The messages lay in the page caches of brokers that lost power before they were synced or written back.',
  'not-replicated': 'RocketMQ: the messages lay on the master alone, whose link to its slaves was cut; it was lost, and what serves now never had them.',
  'deposed-master': 'RocketMQ: a master that had been frozen acknowledged them after another was elected, and truncated its log to that of the new one.',
  'uncommitted-pool': "RocketMQ: the messages lay in the broker's own memory (transientStorePoolEnable) and were not committed to the page cache when it was killed.",
  'disk-wiped': 'The messages lay on a disk that was replaced by an empty one.',
  'client-error': 'The acknowledgement was untrue: within one leader epoch another message stands at the offset that it named, or has an acknowledgement that names it.',
  'not-established': 'The evidence does not suffice.',
} as const

export type CauseCode = keyof typeof causes

export interface Cause {
  code: CauseCode
  text: string
}
