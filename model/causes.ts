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

export const sharedLossCauses = {
  'truncated-after-election': {
    meaning:
      'A replica without the messages was elected leader by the rules. The replicas that held them truncated their ' +
      'logs to where the new leader began.',
    established:
      'With extracts: which replicas held the messages, that the elected leader never did, and the offset to which ' +
      'each copy was truncated. Without: all were acknowledged in one leader epoch, and the log of a later epoch ' +
      'begins at or before their offsets.',
    excluded: [
      'The elected broker had them and lost them with its disk: no disk fault of it between the sends and the election.',
      'An extract of the elected broker has them.',
      'The same broker leads again and its own disk lost them: another broker led in between, and no disk was hit.',
      '"only on" a broker is said when every replica of the topic was read.',
      'A leader before acknowledged them: it was cut off or frozen, and did not know of its successor yet.',
    ],
  },
  'unclean-election': {
    meaning:
      'The same, but the elected replica was not in sync. A setting allowed it to lead although it lacked acknowledged messages.',
    established:
      'As above; the in-sync replicas last seen before the election do not contain the elected one, and the setting ' +
      'that allows such an election is on.',
    excluded: ['The elected replica was eligible although it was seen outside: the setting is off.'],
  },
  'unsynced-pages': {
    meaning:
      'The messages were in the page caches of brokers that lost power, or whose disks failed, before they were ' +
      'synced or written back.',
    established:
      'With extracts: the log held them when the power went and lacked them when the disk was read before the next ' +
      'start. Without: the same broker leads again, or acks=all had waited for the broker that leads next, and the ' +
      'log continues at or before their offsets.',
    excluded: [
      'Another broker led in between and may have truncated them.',
      'The broker that leads next may never have had them: acks=all, and it was in sync while they were acknowledged.',
      'The power loss or the failure of the disk has no evidence.',
    ],
  },
  'disk-wiped': {
    meaning: 'The messages were on a disk that was replaced by an empty one.',
    established: 'As for unsynced-pages, with a proved fault that replaced the disk.',
    excluded: ['They were truncated before the disk was replaced.', 'Another broker led in between.'],
  },
  'never-reached-leader': {
    meaning:
      'No leader ever held the messages: they were written into a connection that no broker read any more. The ' +
      'producer waits for no answer, so it learns nothing of it.',
    established:
      'acks=0 or one-way sends; and they were sent while a proved fault dropped everything that producers sent, or ' +
      'while the leader was surely dead and no successor elected, or every broker that led since the sends was read ' +
      'after its lead without them.',
    excluded: [
      'A leader took them before the fault held, or after it ended: all were sent inside.',
      'Another broker than their leader was killed.',
      'The producer waits for answers.',
    ],
  },
  'client-error': {
    meaning:
      'The acknowledgement was untrue: within one leader epoch another message has the offset that it named, or an ' +
      'acknowledgement of another message names the same offset.',
    established:
      'The leader epoch around the send and the acknowledgement is known and equals the epoch of the record at that offset.',
    excluded: [
      'A truncation gave the offset to another message: the epochs differ, or are uncertain near an election.',
      'A leader before acknowledged it: it was cut off or frozen, and did not know of its successor yet.',
      'The record at the offset is unreadable and may be the message itself.',
    ],
  },
} satisfies CauseDefinitions

/** Of applications in the middle, which no audit tries. */
export const applicationCauses = {
  'dropped-by-application': {
    meaning:
      'An application in the middle read the messages, its group passed them, and it went on without writing anything for ' +
      'them, although nobody killed it.',
    established:
      'Every partition of the output was read to its end without them; later messages of their partition came out; and no ' +
      'fault of the trial hit brokers or links, or ended the application after its group had passed them.',
    excluded: [
      'The application died while it worked on them: a process was killed or stopped after its group had passed them.',
      'Brokers lost what it had written: a fault hit brokers or links.',
    ],
  },
  'output-vanished': {
    meaning: 'What an application in the middle had written for the messages was in the output, and is not any more.',
    established:
      'The harness had read the record in the output while the application ran, and the output that was read at the end lacks it.',
    excluded: ['The application never wrote it: it was read once.'],
  },
} satisfies CauseDefinitions

export const sharedSkipCauses = {
  'committed-before-processing': {
    meaning:
      'A consumer received the messages, the offset after them was committed, and the consumer died before it had processed them. ' +
      'The same of an application in the middle, which died before it had written its output.',
    established:
      'The process that received the messages committed past them and then died; or it left no record of that ' +
      'commit, its successor began behind them, and the process can have committed that offset. Of an application: its group was ' +
      'seen behind them before it was started again, and nothing later of their partition came out before it died.',
    excluded: [
      'The handler dropped them: no later message of the partition was processed after their delivery.',
      'The failure was swallowed: attempts were left, or failed messages are parked.',
      'The reset policy explains where the successor began: with latest, no older message is behind that offset.',
      'The process is not known to have died: a kill without evidence is no death.',
    ],
  },
  'committed-before-delivery': {
    meaning:
      'The offset after the messages was committed while they were buffered in the client library, and the consumer ' +
      'died before the application received them.',
    established:
      'The committing process had begun at or before the messages, delivered nothing behind them, and died after the commit.',
    excluded: [
      'They were sent after the process had died, or after it committed.',
      'The process itself began behind them.',
      'It delivered later messages, so they were not waiting in its library.',
    ],
  },
  'committed-past-worker': {
    meaning:
      'Several workers had messages at the same time. The offset behind the highest finished message was committed, and ' +
      'the consumer died while other workers still had these earlier ones.',
    established:
      'The application commits behind the highest finished message; the process that received the messages committed past ' +
      'them and then died, without a result or a failure of them; and they are no more than its workers.',
    excluded: [
      'The handler dropped them: they are more than the workers can have at the same time.',
      'The failure was swallowed: a failure was recorded.',
      'The process is not known to have died.',
    ],
  },
  'failure-swallowed': {
    meaning:
      'The handler failed at the messages, the application ignored the failure, and the offset after them was committed.',
    established:
      'The process recorded as many failures as it makes attempts before it committed the offset after them.',
    excluded: [
      'It died between two attempts, or before it parked them.',
      'The commit came before the failure.',
      'Copies for another delivery were lost by the broker.',
    ],
  },
  'dropped-by-handler': {
    meaning:
      'The handler returned without processing the messages and without a failure, went on with later ones, and the ' +
      'offset after all of them was committed.',
    established:
      'Messages are processed inline; the process that received the messages processed later ones of the same ' +
      'partition while alive, and committed past them.',
    excluded: ['A worker may still come to them: processing is inline.', 'A failure was recorded.'],
  },
  'position-beyond-log': {
    meaning:
      'The group had read or committed beyond the log of a new leader, or beyond what a power loss had left of the log. New ' +
      'messages took offsets that the group had already passed.',
    established:
      'The commit that passed the messages was made before they were sent, and messages at or behind their offsets had ' +
      'been acknowledged or received before that commit; or a process was given older messages at their offsets: before ' +
      'these were sent, or also later where one broker led all the time.',
    excluded: ['A consumer received them.', 'The log had never reached the committed offset.'],
  },
  'expired-unread': {
    meaning: 'Retention or compaction removed the messages before any consumer of the group had processed them.',
    established:
      'No consumer received them, and either the settings ask for retention, their offsets are below the log start that the ' +
      'reader was given, and the log was not cut back below them; or the settings ask for compaction, and a later record of ' +
      'the same key is stored.',
    excluded: [
      'They were processed or parked before.',
      'A consumer received them and was killed before it processed them.',
      'The library of a process that died may have committed past them.',
    ],
  },
  'reset-to-latest': {
    meaning:
      'A consumer had no valid position in a partition and began at the end of the log, because its reset policy ' +
      'says latest: its group had committed nothing, or the committed offset had expired or was lost.',
    established:
      'The reset policy is latest, and nothing behind the offset at which it began is older. Either no consumer of ' +
      'the group had committed before; or the committed offset had expired by the settings or was lost with a ' +
      'proved disk fault; or one living consumer, alone on the partition, went from one offset to another.',
    excluded: [
      'A predecessor had committed the offset without a record: it had not received messages up to there.',
      'Messages behind the offset are older than the reset, so latest would have begun later.',
      'The offsets had not expired: the group had a member until shortly before.',
      'The disk that was hit is not that of the coordinator.',
    ],
  },
} satisfies CauseDefinitions

export const sharedUnsentCauses = {
  'ended-before-send': {
    meaning:
      'The application had handed the messages to its client and looked at no answer. Its process ended before a broker had ' +
      'stored them, for example while the client was still collecting them (linger.ms).',
    established:
      'No answer to them was recorded; and a proved crash-client or stop-client ended their process after the last of them ' +
      'was handed over.',
    excluded: ['The client met an error: an answer was recorded.', 'Another process than theirs ended.'],
  },
  'error-unseen': {
    meaning: 'The client met an error, and the application did not look at it.',
    established:
      'An answer that is no acknowledgement was recorded, and the messages are absent from a complete final log.',
    excluded: ['An acknowledgement was recorded: then the messages are lost.'],
  },
} satisfies CauseDefinitions
