/** Causes of loss that only RocketMQ has. */
import type { CauseDefinitions } from '../../../model/causes.ts'

export const rocketmqLossCauses = {
  'not-replicated': {
    meaning:
      'The messages were on the master alone: its replication link was cut, it was cut off from all others, or it was ' +
      'behind its own slaves after the loss of its disk. The master was lost or replaced, and the broker that serves now ' +
      'never had them.',
    established:
      'A proved fault cut the link or the slaves off before the first send and until the last acknowledgement, or the master had come ' +
      'back with an empty disk; then a proved fault took the master; another broker serves now. Or a proved partition ' +
      'held all that time, and another broker was elected during it. Extracts, where taken, do not contradict it.',
    excluded: [
      'The master waits for a slave by its settings.',
      "An extract of another broker has them, or the master's own log at its death lacks them.",
      'The disk of the broker that serves now was hit, and it may have had them.',
      'The link was healed before the last acknowledgement.',
    ],
  },
  'topic-unknown': {
    meaning:
      'The messages may be in the commit log of the broker that serves now, but that broker does not know their ' +
      'topic. A slave copies topics from its master only now and then, and the master was lost before. Nobody can ' +
      'read them.',
    established: 'The master was lost for good, and at the end no broker that serves knew the topic.',
    excluded: ['A broker that serves knows the topic.', 'The master came back.'],
  },
  'deposed-master': {
    meaning:
      'A master that had been frozen or cut off from the others acknowledged them, another was elected without them, and ' +
      'the old one then truncated its log to that of the new master.',
    established:
      'A proved fault froze the master before the election and was healed after it, and all were acknowledged after ' +
      'both; or a proved fault cut the master off, all were sent and acknowledged during it, and another was elected before ' +
      'it was healed.',
    excluded: [
      'A frozen master acknowledged them before the other was elected.',
      'The master was cut off from some nodes only, or the other was elected when all could reach each other again.',
      'An extract of another broker has them.',
      'The freeze or partition has no evidence.',
      'The new master met a fault too, or another came after it.',
    ],
  },
  'disk-full': {
    meaning: 'The broker reported success for messages while its disk was full, and did not keep them.',
    established:
      'All were acknowledged while a proved fault kept the disk of their master full; the same broker serves again ' +
      'without them, or another one does although the master waits for its slaves.',
    excluded: [
      'A power loss or an empty disk removed them.',
      "The pool in the broker's memory is on.",
      'They were acknowledged before the disk was full or after it had space.',
      'Another broker serves now, and the master waits for no slave: it may have had no copy.',
      'Slaves serve, because the master was lost for good.',
    ],
  },
  'uncommitted-pool': {
    meaning:
      "The messages were in the broker's own memory (transientStorePoolEnable) and not yet committed to the page cache when it was killed.",
    established:
      'transientStorePoolEnable is on, the master was killed after the acknowledgements and serves again without them.',
    excluded: [
      'The pool is off.',
      'The files of the broker, read when it was down, have them.',
      'An extract of another broker has them.',
    ],
  },
} satisfies CauseDefinitions

export const rocketmqSkipCauses = {
  'retry-lost': {
    meaning:
      'The handler asked for another delivery, and the offset passed the messages. The copies for that delivery, ' +
      'for which the broker waits for neither flush nor slave, were lost with the master.',
    established:
      'The handler failed in a way that sends the message back, the offset passed it, and afterwards a proved fault ' +
      'took the page cache or the disk of the master, or the master itself while another leads now.',
    excluded: [
      'The client does not send failed messages back, or consumers broadcast.',
      'The fault came before the message was sent back.',
    ],
  },
  'filtered-out': {
    meaning:
      'The members of the group subscribe to different tags. The broker keeps one subscription for a group, that of the ' +
      'member that started last, and each client filters once more by its own. What one of the two does not want reaches ' +
      'nobody, and the offset passes it.',
    established:
      'The subscriptions of the members differ, the tag of the messages is not in all of them, no process received the ' +
      'messages, and a member committed past them.',
    excluded: [
      'Every member wants the tag.',
      'A consumer received them, or they were in the client library of one that died.',
      'Its reset policy explains where a member began.',
    ],
  },
} satisfies CauseDefinitions
