/**
 * Causes that an autopsy can establish whatever the system is. A system adds its own (`autopsy` in its facts);
 * systems/causes.ts joins both, and docs/causes.md is made from that.
 */

/** One cause as docs/causes.md describes it. */
export interface CauseDefinition {
  /** What happened. */
  meaning: string
  /** What the history must show before the cause is named. */
  established: string
  /** Other explanations that the history must rule out first, one sentence each. */
  excluded: readonly string[]
}

/** Definitions by code. Codes are stable: scenarios expect them, verdict.json holds them. */
export type CauseDefinitions = Readonly<Record<string, CauseDefinition>>

export const notEstablished = 'not-established'

/** Why messages were lost or skipped: a stable code, and a sentence for people with the numbers of this case. */
export interface Cause {
  code: string
  text: string
}

export const sharedLossCauses: CauseDefinitions = {
  'truncated-after-election': {
    meaning:
      'A replica without the messages was elected leader by the rules. The replicas that held them truncated their ' +
      'logs to where the new leader began.',
    established:
      'Extracts of replica logs show which replicas held the messages, that the elected leader never did, and to ' +
      'which offset each copy was truncated. Without extracts: all messages were acknowledged in one leader epoch, ' +
      'and the next epoch begins at or before their offsets.',
    excluded: [],
  },
  'unclean-election': {
    meaning:
      'The same, but the elected replica was not in sync. A setting allowed it to lead although it lacked acknowledged messages.',
    established:
      'As above; the in-sync replicas last seen before the election do not contain the elected one, and the setting ' +
      'that allows such an election is on.',
    excluded: [],
  },
  'unsynced-pages': {
    meaning: 'The messages were in the page caches of brokers that lost power before they were synced or written back.',
    established:
      'The log held the messages when the power went and lacked them when the disk was read before the next start. ' +
      'Without extracts: the same broker leads again, no other broker led in between, and its log continues at or ' +
      'before their offsets.',
    excluded: [],
  },
  'disk-wiped': {
    meaning: 'The messages were on a disk that was replaced by an empty one.',
    established: 'As for unsynced-pages, with a fault that replaced the disk.',
    excluded: [],
  },
  'client-error': {
    meaning:
      'The acknowledgement was untrue: within one leader epoch another message has the offset that it named, or an ' +
      'acknowledgement of another message names the same offset.',
    established:
      'The leader epoch around the send and the acknowledgement is known and equals the epoch of the record at that offset.',
    excluded: [],
  },
}

export const sharedSkipCauses: CauseDefinitions = {
  'committed-before-processing': {
    meaning:
      'A consumer received the messages, the offset after them was committed, and the consumer died before it had processed them.',
    established:
      'The process that received the messages committed past them while alive, or its successor began behind them, ' +
      'and the process is known to have died.',
    excluded: [],
  },
  'committed-before-delivery': {
    meaning:
      'The offset after the messages was committed while they were buffered in the client library, and the consumer ' +
      'died before the application received them.',
    established:
      'The committing process never delivered the messages to the application and is known to have died after the commit.',
    excluded: [],
  },
  'failure-swallowed': {
    meaning:
      'The handler failed at the messages, the application ignored the failure, and the offset after them was committed.',
    established: 'The process recorded the failure of the messages before it committed the offset after them.',
    excluded: [],
  },
  'dropped-by-handler': {
    meaning:
      'The handler returned without processing the messages and without a failure, went on with later ones, and the ' +
      'offset after all of them was committed.',
    established:
      'Messages are processed inline; the process that received the messages processed later ones of the same ' +
      'partition while alive, and committed past them.',
    excluded: [],
  },
  'position-beyond-log': {
    meaning:
      'The group had committed an offset beyond the log of a new leader. New messages took offsets that the group had already passed.',
    established: 'The commit that passed the messages was made before they were sent.',
    excluded: [],
  },
  'group-offset-lost': {
    meaning:
      'The offset that the group had committed was lost or expired, and the next consumer began where its reset policy put it.',
    established:
      'The group had committed before; the next consumer began behind everything that any process had received; its ' +
      'reset policy is latest; and a proved fault took the disk of the broker that kept the offset, or the offset ' +
      'had expired by the settings.',
    excluded: [],
  },
  'reset-to-latest': {
    meaning:
      'The group had committed nothing when a consumer began to read a partition. The consumer began at the end of ' +
      'the log because its reset policy says latest.',
    established:
      'No consumer of the group had committed on the partition before, and the consumer that began behind the ' +
      'messages has the reset policy latest.',
    excluded: [],
  },
}
