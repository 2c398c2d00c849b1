/** Each explanation that docs/causes.md says is ruled out first has a test that rules it out, and is named here with it. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { lossCauses, skipCauses, unsentCauses } from '../../systems/causes.ts'

const files = {
  cases: 'harness/testing/cases/cases.test.ts',
  explain: 'harness/autopsy/explain.test.ts',
  skipped: 'harness/autopsy/explain-skipped.test.ts',
  skippedRocketmq: 'harness/autopsy/explain-skipped.rocketmq.test.ts',
  doubts: 'harness/autopsy/skip-doubts.test.ts',
  unsent: 'harness/testing/unsent.test.ts',
  clientLies: 'harness/testing/lies/client-lies.ts',
  application: 'harness/testing/application.test.ts',
  stale: 'harness/testing/stale-leaders.test.ts',
  lies: 'harness/testing/lies/broker-lies.ts',
  replicas: 'systems/kafka/autopsy/replicas.test.ts',
  vanished: 'systems/kafka/autopsy/vanished.test.ts',
  transfer: 'systems/kafka/autopsy/transfer.test.ts',
  loss: 'systems/rocketmq/autopsy/explain-loss.test.ts',
  candidates: 'systems/rocketmq/autopsy/more-candidates.test.ts',
} as const

/** By code: the exclusions in the order of the documentation, each with the file and the name of its test. */
const tests: Record<string, readonly (readonly [exclusion: string, file: keyof typeof files, test: string])[]> = {
  'truncated-after-election': [
    ['The elected broker had them and lost them with its disk', 'cases', 'follower-lost-power'],
    ['An extract of the elected broker has them', 'replicas', 'not established where the end of a copy is unknown'],
    ['The same broker leads again', 'cases', 'disk-by-history-with-election-between'],
    ['"only on" a broker', 'cases', 'only-with-unread-replica'],
    ['A leader before acknowledged them', 'stale', 'a loss is not ascribed to the leader that was seen'],
  ],
  'unclean-election': [
    ['The elected replica was eligible', 'replicas', 'a replica outside the ISR is eligible where min.insync.replicas'],
  ],
  'unsynced-pages': [
    ['Another broker led in between', 'cases', 'disk-by-history-with-election-between'],
    ['The broker that leads next may never have had them', 'cases', 'follower-lost-power'],
    [
      'The power loss or the failure of the disk has no evidence',
      'explain',
      'a disk fault is the cause where the leader',
    ],
  ],
  'disk-wiped': [
    ['They were truncated before', 'vanished', 'messages truncated before the disk was replaced were not lost'],
    ['Another broker led in between', 'cases', 'disk-by-history-with-election-between'],
  ],
  'never-reached-leader': [
    ['A leader took them before', 'candidates', 'not where the fault ended before, has no evidence'],
    ['Another broker than their leader', 'explain', 'acks=0: not established where another broker crashed'],
    ['The producer waits for answers', 'candidates', 'or the send waits for an answer'],
  ],
  'client-error': [
    [
      'A truncation gave the offset',
      'lies',
      'truncates one acknowledged message at the election, and gives its offset',
    ],
    ['The record at the offset is unreadable', 'lies', 'corrupts a payload'],
    ['A leader before acknowledged it', 'stale', 'may be of the leader before'],
  ],
  'truncated-after-transfer': [
    ['Another fault of the old leader', 'transfer', 'another fault of the old leader may have caused the election'],
    ['The election came before', 'transfer', 'another election came in between'],
    ['The transfer has no evidence', 'transfer', 'the transfer has no evidence'],
    ['The producer asks for acks=all', 'transfer', 'with acks=all the replica that took over had'],
  ],
  'dropped-by-client': [
    ['An acknowledgement names an offset', 'replicas', 'acks=1 or all: an acknowledgement without an offset'],
    ['A broker that led since', 'replicas', 'not established where a leader was not read after its lead'],
  ],
  'not-replicated': [
    ['The master waits for a slave', 'candidates', 'not where the master waits for a slave'],
    ['An extract of another broker has them', 'loss', "not established where the slave's log had them"],
    ['The disk of the broker that serves now', 'candidates', 'not where the elected broker may have lost them'],
    ['The link was healed', 'loss', 'not replicated: acknowledged while the link to the slaves was cut'],
  ],
  'topic-unknown': [
    ['A broker that serves knows the topic', 'loss', 'served by a slave that does not know the topic'],
    ['The master came back', 'loss', 'served by a slave that does not know the topic'],
  ],
  'deposed-master': [
    ['A frozen master acknowledged', 'loss', 'acknowledged by a master that was frozen and deposed'],
    ['The master was cut off from some', 'candidates', 'or the master was cut off from some only'],
    ['An extract of another broker', 'loss', 'a deposed master only where no log had them afterwards'],
    ['The freeze or partition has no evidence', 'candidates', 'not without evidence, nor where another broker was cut'],
    ['The new master met a fault', 'candidates', 'not where the new master met a fault too, or another came after it'],
  ],
  'disk-full': [
    ['A power loss', 'candidates', 'not where a power loss may have removed them'],
    ['The pool', 'candidates', 'or the pool is on'],
    ['They were acknowledged before', 'candidates', 'the disk had space'],
    ['Another broker serves now', 'candidates', 'another serves'],
    ['Slaves serve', 'candidates', 'not where the master was lost for good afterwards'],
  ],
  'uncommitted-pool': [
    ['The pool is off', 'loss', "lost with the master's own disk or memory"],
    ['The files of the broker', 'loss', 'uncommitted pool only where the files of the broker never had them'],
    ['An extract of another broker', 'loss', 'messages that the slave also had are a group of their own'],
  ],
  'dropped-by-application': [
    ['The application died while it worked', 'application', 'later messages had come out before it died'],
    ['Brokers lost what it had written', 'application', 'a fault hit brokers too'],
  ],
  'output-vanished': [
    ['The application never wrote it', 'application', 'a message that the living application passed by was dropped'],
  ],
  'committed-before-processing': [
    ['The handler dropped them', 'cases', 'dropped-by-handler'],
    ['The failure was swallowed', 'cases', 'killed-between-attempts'],
    ['The reset policy explains', 'skipped', 'with auto.offset.reset=latest the next consumer begins at the end'],
    ['The process is not known to have died', 'skipped', 'not established where no process is known to have died'],
  ],
  'committed-before-delivery': [
    [
      'They were sent after the process had died',
      'skipped',
      'no commit before the delivery of messages that were sent',
    ],
    ['The process itself began behind', 'skipped', 'no commit before delivery by a process that began behind'],
    ['It delivered later messages', 'skipped', 'no commit before delivery by a process that began behind'],
  ],
  'failure-swallowed': [
    ['It died between two attempts', 'cases', 'killed-between-attempts'],
    ['The commit came before', 'skipped', 'failure swallowed: the same process committed past the failed message'],
    [
      'Copies for another delivery',
      'skippedRocketmq',
      'with the page cache of the broker, or with a master that was replaced',
    ],
  ],
  'dropped-by-handler': [
    ['A worker may still come', 'skipped', 'a handler dropped nothing where a worker may still come to it'],
    ['A failure was recorded', 'skipped', 'a handler dropped nothing where a worker may still come to it'],
  ],
  'committed-past-worker': [
    ['The handler dropped them', 'skipped', 'workers had the messages only where they can be so many'],
    ['The failure was swallowed', 'skipped', 'workers had the messages only where they can be so many'],
    ['The process is not known to have died', 'skipped', 'workers had the messages only where they can be so many'],
  ],
  'filtered-out': [
    ['Every member wants the tag', 'skippedRocketmq', 'not where the members agree, each of them wants the tag'],
    ['A consumer received them', 'skippedRocketmq', 'not what a process had received, or held when it died'],
    [
      'Its reset policy explains',
      'skippedRocketmq',
      'not where the first member began behind them by its reset policy',
    ],
  ],
  'position-beyond-log': [
    ['A consumer received them', 'skipped', 'the position was not beyond the log where a consumer received'],
    ['The log had never reached', 'doubts', 'is not explained where the log had never been so long'],
  ],
  'reset-to-latest': [
    ['A predecessor had committed', 'skipped', 'not reset to latest where the dead process had received all'],
    ['Messages behind the offset', 'skipped', 'not reset to latest where the dead process had received all'],
    ['The offsets had not expired', 'doubts', 'had not where a member lived until shortly before'],
    ['The disk that was hit', 'doubts', 'were on the disk of the coordinator, not on that of any broker'],
  ],
  'retry-lost': [
    ['The client does not send', 'skippedRocketmq', 'another cause where nothing removed the copies'],
    ['The fault came before', 'skippedRocketmq', 'another cause where nothing removed the copies'],
  ],
  'expired-unread': [
    ['They were processed or parked', 'skipped', 'retention: messages below the log start have expired'],
    ['A consumer received them', 'doubts', 'were received, committed and dropped with their consumer'],
    ['The library of a process', 'doubts', 'open where the library may have committed past them'],
  ],
  'ended-before-send': [
    ['The client met an error', 'unsent', 'the cause is the end of the process after the send, an error nobody saw'],
    [
      'Another process than theirs',
      'unsent',
      'the cause is the end of the process after the send, an error nobody saw',
    ],
  ],
  'error-unseen': [
    ['An acknowledgement was recorded', 'clientLies', 'acknowledges what has never left it to an application'],
  ],
}

test('every exclusion of every cause is tested', () => {
  const untested = [...lossCauses, ...skipCauses, ...unsentCauses].flatMap(([, causes]) =>
    Object.entries(causes).flatMap(([code, { excluded }]) =>
      excluded
        .filter(text => !(tests[code] ?? []).some(([exclusion]) => text.startsWith(exclusion)))
        .map(text => `${code}: ${text}`),
    ),
  )
  expect(untested).toEqual([])
})

test('every test that is named exists', () => {
  const read = Object.fromEntries(
    Object.entries(files).map(([key, path]) => [
      key,
      readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8'),
    ]),
  )
  const missing = Object.values(tests).flatMap(list =>
    list.filter(([, file, name]) => read[file]?.includes(name) !== true).map(([, file, name]) => `${file}: ${name}`),
  )
  expect(missing).toEqual([])
})
