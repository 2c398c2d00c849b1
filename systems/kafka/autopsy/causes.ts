/** Causes of loss that only Kafka has. */
import type { CauseDefinitions } from '../../../model/causes.ts'

export const kafkaLossCauses = {
  'truncated-after-transfer': {
    meaning:
      'Kafka. Leadership was handed over on purpose, to a replica that had not fetched the messages yet. acks=0 and acks=1 ' +
      'do not wait for it, and the old leader truncated its log to where the new one began.',
    established:
      'As for truncated-after-election; and a proved leader-transfer moved the partition away from the leader that had ' +
      'acknowledged them, and the election that followed is the next one.',
    excluded: [
      'Another fault of the old leader since the sends may have caused the election.',
      'The election came before the transfer, or another one came in between.',
      'The transfer has no evidence.',
      'The producer asks for acks=all, so the in-sync replica that took over had what was acknowledged.',
    ],
  },
  'dropped-by-client': {
    meaning:
      'No broker ever answered for the messages although the acks setting asks for an answer. The client reported success all the same.',
    established:
      'The acknowledgements name no offset, which every answer with acks=1 or all does, and every broker that led ' +
      'since the sends was read without the messages or an election among in-sync replicas removed them.',
    excluded: [
      'An acknowledgement names an offset, so a broker has answered.',
      'A broker that led since the sends was not read after its lead.',
    ],
  },
} satisfies CauseDefinitions
