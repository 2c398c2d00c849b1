/**
 * Every cause that an autopsy can establish, of lost messages and of skipped ones. The code is stable, the text is for
 * people; docs/causes.md is made from this.
 */
export const lossCauses = {
  'truncated-after-election':
    'Replicas that held the messages did not come to lead. One without them was elected, by the rules, and the others truncated to where its log began.',
  'unclean-election':
    'The same, but the one that was elected was not in step: unclean.leader.election.enable, on RocketMQ enableElectUncleanMaster, lets it lead although it lacks what was acknowledged.',
  'unsynced-pages':
    'The messages lay in the page caches of brokers that lost power before they were synced or written back.',
  'not-replicated':
    'RocketMQ: the messages lay on the master alone, whose link to its slaves was cut, or which was behind them after the loss of its disk; it was lost, and what serves now never had them.',
  'topic-unknown':
    'RocketMQ: the messages lie in the commit log of what serves now, which does not know their topic: a slave copies topics from its master only now and then, and the master was lost before. Nobody can read them.',
  'deposed-master':
    'RocketMQ: a master that had been frozen acknowledged them after another was elected, and truncated its log to that of the new one.',
  'uncommitted-pool':
    "RocketMQ: the messages lay in the broker's own memory (transientStorePoolEnable) and were not committed to the page cache when it was killed.",
  'disk-wiped': 'The messages lay on a disk that was replaced by an empty one.',
  'never-reached-leader':
    'No leader ever held the messages: they were written into a connection that nobody read any more. With acks=0 nothing tells the producer.',
  'dropped-by-client':
    'No replica ever held the messages, and no answer of a broker speaks of them, although the setting asks for one: the client reported success all the same.',
  'client-error':
    'The acknowledgement was untrue: within one leader epoch another message stands at the offset that it named, or has an acknowledgement that names it.',
} as const

export const skipCauses = {
  'committed-before-processing':
    'A consumer was handed the messages, the offset behind them was committed, and it died before it had processed them.',
  'committed-before-delivery':
    "The offset behind the messages was committed while they lay in the consumer's library, and it died before the application was handed them.",
  'failure-swallowed':
    'The handler failed at the messages, the failure was swallowed, and the offset behind them was committed.',
  'retry-lost':
    'RocketMQ: the handler asked for another delivery, and the offset went past the messages; the copies by which they were to come again, for which no broker waits, were lost with the master.',
  'reset-to-latest':
    'A consumer died before its group had committed anything, and the next began behind the messages because auto.offset.reset is latest.',
} as const

export const causes = {
  ...lossCauses,
  ...skipCauses,
  'not-established': 'The evidence does not suffice; the text says what is missing.',
} as const

export type CauseCode = keyof typeof causes
export const causeCodes = Object.keys(causes) as [CauseCode, ...CauseCode[]]

export interface Cause {
  code: CauseCode
  text: string
}
