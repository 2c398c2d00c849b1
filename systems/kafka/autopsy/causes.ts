/** Causes of loss that only Kafka has. */
import type { CauseDefinitions } from '../../../model/causes.ts'

export const kafkaLossCauses: CauseDefinitions = {
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
}
