/** Causes of loss that only Kafka has. */
import type { CauseDefinitions } from '../../../model/causes.ts'

export const kafkaLossCauses: CauseDefinitions = {
  'never-reached-leader': {
    meaning:
      'No leader ever held the messages: they were written into a connection that no broker read any more. With ' +
      'acks=0 the producer learns nothing of it.',
    established:
      'acks=0, and every broker that led since the sends was read after its lead without the messages; or they were ' +
      'sent while the leader was surely dead and no successor elected; or while a proved fault dropped everything ' +
      'that producers sent.',
    excluded: [],
  },
  'dropped-by-client': {
    meaning:
      'No broker ever answered for the messages although the acks setting asks for an answer. The client reported success all the same.',
    established:
      'The acknowledgements name no offset, which every answer with acks=1 or all does, and every broker that led ' +
      'since the sends was read without the messages or an election among in-sync replicas removed them.',
    excluded: [],
  },
}
