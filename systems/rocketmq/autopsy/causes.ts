/** Causes of loss that only RocketMQ has. */
import type { CauseDefinitions } from '../../../model/causes.ts'

export const rocketmqLossCauses: CauseDefinitions = {
  'not-replicated': {
    meaning:
      'The messages were on the master alone: its replication link was cut, or it was behind its own slaves after ' +
      'the loss of its disk. The master was lost, and the broker that serves now never had them.',
    established:
      'A proved fault cut the link before the first send and until the last acknowledgement, or the master had come ' +
      'back with an empty disk; then a proved fault took the master; another broker serves now. Extracts, where ' +
      'taken, do not contradict it.',
    excluded: [],
  },
  'topic-unknown': {
    meaning:
      'The messages may be in the commit log of the broker that serves now, but that broker does not know their ' +
      'topic. A slave copies topics from its master only now and then, and the master was lost before. Nobody can ' +
      'read them.',
    established: 'The master was lost for good, and at the end no broker that serves knew the topic.',
    excluded: [],
  },
  'deposed-master': {
    meaning:
      'A master that had been frozen acknowledged them after another was elected, and then truncated its log to that of the new master.',
    established:
      'A proved fault froze the master before the election and was healed after it; all messages were acknowledged after both.',
    excluded: [],
  },
  'uncommitted-pool': {
    meaning:
      "The messages were in the broker's own memory (transientStorePoolEnable) and not yet committed to the page cache when it was killed.",
    established:
      'transientStorePoolEnable is on, the master was killed after the acknowledgements and serves again without them.',
    excluded: [],
  },
}

export const rocketmqSkipCauses: CauseDefinitions = {
  'retry-lost': {
    meaning:
      'The handler asked for another delivery, and the offset passed the messages. The copies for that delivery, ' +
      'for which the broker waits for neither flush nor slave, were lost with the master.',
    established:
      'The handler failed in a way that sends the message back, the offset passed it, and afterwards a proved fault ' +
      'took the page cache or the disk of the master, or the master itself while another leads now.',
    excluded: [],
  },
}
