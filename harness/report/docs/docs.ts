/** Pages of docs/ that are made from the code's own tables, so that they cannot differ. */
import type { CauseDefinitions } from '../../../model/causes.ts'
import { lossCauses, skipCauses } from '../../../systems/causes.ts'
import { consumerOutcomes, marks, outcomes } from '../../../model/outcomes.ts'
import { loadFigures } from '../../verdict/timing/load.ts'
import { recoveryFigures } from '../../verdict/timing/recovery.ts'
import { faultGroups } from '../../../faults/index.ts'
import type { Fault } from '../../../faults/fault.ts'
import { workloadSettings } from '../../plan/workload.ts'
import { beforeAppend } from '../../../workloads/clients/kafka-common/before-append.ts'
import { clients } from '../../../workloads/clients/catalog.ts'
import type { ClientFacts, SettingMap } from '../../../workloads/clients/facts.ts'

export function outcomesPage(): string {
  const rows = (table: readonly (readonly [string, string])[]) =>
    table.map(([name, text]) => `| \`${name}\` | ${text} |`)
  return `${[
    '# Outcomes',
    '',
    'Made from `model/outcomes.ts` by `npm run docs`.',
    '',
    "A message is one number in one lane. Each attempt to send it ends as acked, rejected (the answer is one of the client's",
    'documented *before append* codes) or unknown. The **final log** is what a fresh reader of another client library gets from',
    'every partition, first to stable end offset, after the declared recovery; it is complete when a fence record, acknowledged',
    'at full ISR after recovery, was read behind everything else.',
    '',
    'Exactly one of these becomes of each message:',
    '',
    '| outcome | definition |',
    '|---|---|',
    ...rows(outcomes),
    '',
    'Marks come on top:',
    '',
    '| mark | definition |',
    '|---|---|',
    ...rows(marks),
    '',
    "On the consumer's side, for stored messages:",
    '',
    '| outcome | definition |',
    '|---|---|',
    ...rows(consumerOutcomes),
    '',
    '## Expectations',
    '',
    '`<outcome or mark>: <value>` with a number, `">= n"`, `"<= n"`, or a set: `acked-in(w)`, `sent-in(w)`, `unacked-in(w)`,',
    '`acked-before(w)`, `poisoned` (sent as poison, and stored), `all`; `">= acked-in(w)"` is at least these. Sets are compared as sets of message numbers: `lost:',
    'acked-in(cut)` means that all messages sent and acknowledged in the window are lost and no other, but for those that were',
    'open at its close and acknowledged later. `when:` limits an entry to cells with given settings; the most specific entry',
    'wins, a tie is an error. `cause` says why ([docs/causes.md](causes.md)). What a cell does not speak of stays promised: `lost: 0, clientLost: 0, skipped: 0`. Expected can also be:',
    'a send status of RocketMQ (`FLUSH_SLAVE_TIMEOUT: ">= 1"`), of the messages that an attempt was answered with it; and `early`, of',
    'messages sent and acknowledged while `slow-replication` lasted, sooner than its delay: nobody was waited for.',
    '',
    '## Verdicts',
    '',
    'In this order: `violated` (a complete final log and more lost, duplicated, corrupted… than allowed, whatever else went',
    'wrong); `inconclusive` (log incomplete, fault without evidence, a wait ran out, a named set empty, nothing acknowledged,',
    'no fault although the schedule has some, a consumer to which nothing was delivered or an expectation of one where there',
    'is none, an election that no step caused under an exact expectation); `not-shown` (an expected loss did not happen); `held`.',
    '',
    '## Recovery figures',
    '',
    'For every cell with a fault, from its history. Time in which the harness itself kept producers from sending (`producers`',
    'events; in histories without any, the quiesced edges of windows) is left out of both times. A fault affects the partitions',
    "whose leader is among its nodes; where it is aimed at none of the lane's leaders, all of them.",
    '',
    '| figure | definition |',
    '|---|---|',
    ...rows(recoveryFigures),
    '',
    '## Load figures',
    '',
    '`load` of a cell tells what its settings cost while nothing was wrong. Compare within one run alone.',
    '',
    '| figure | definition |',
    '|---|---|',
    ...rows(loadFigures),
  ].join('\n')}\n`
}

/** What an autopsy may say, and what it takes to say it. */
export function causesPage(): string {
  const sections = (tables: readonly (readonly [string | undefined, CauseDefinitions])[]) =>
    tables.flatMap(([system, causes]) =>
      Object.entries(causes).flatMap(([code, { meaning, established, excluded }]) => [
        `### \`${code}\``,
        '',
        `${system === undefined ? '' : `${system}. `}${meaning}`,
        '',
        `- Established by: ${established}`,
        ...excluded.map(text => `- Ruled out first: ${text}`),
        '',
      ]),
    )
  return `${[
    '# Causes',
    '',
    'Made from `model/causes.ts` and the causes of each system by `npm run docs`.',
    '',
    'Each range of lost or skipped messages in verdict.json has a `cause`: a code, which is stable, and one or two sentences. A',
    'range whose messages fared differently is told in parts. A scenario may expect causes (`cause: truncated-after-election`, or',
    'a list): every message that its cells lost or skipped then has one of them. Another one than expected makes the cell',
    '`not-shown`, one that is not established `inconclusive`.',
    '',
    '## Of lost messages',
    '',
    ...sections(lossCauses),
    "On Kafka they rest on extracts of the replicas' logs (`trials/<id>/replicas/`, [docs/formats.md](formats.md)), taken before",
    'data are destroyed or truncated: of a broker that was killed, of one that is frozen whose disk is about to lose power and of',
    'what that disk has kept, of those left behind, and at the end. Of each copy it has to be known how it ended: its broker lost',
    "power, its disk was replaced (both by the fault's own evidence), or its log names a later leader epoch that begins at or",
    'before the messages. That no replica ever held them is said only where the log of everyone who led since they were sent was',
    'read when that lead was over. Where extracts do not decide it, or there are none, the history of acknowledged offsets,',
    'leader epochs and faults may.',
    '',
    "RocketMQ's answers and messages do not tell in which master's time they were, and a log that was cut off names no epoch of",
    "each message. So what happened is told by the observer and by proved faults, and extracts of the brokers' commit logs tell",
    'where the messages lay meanwhile: in the log of their master when its process or its power went, in that of any other broker,',
    'and on a disk when its power was back. `only` is said where every other broker of the group was read after the',
    "acknowledgements. What speaks against the story of the events (a slave's log has what the slave is said never to have had, a",
    'disk has what is said to have been in page caches alone) makes the cause `not-established`; where a log was not read, or not',
    'in whole, the events stand alone.',
    '',
    '## Of skipped messages',
    '',
    ...sections(skipCauses),
    'They rest on what the consumers wrote down: who was handed the messages, which commit passed them, and when that process',
    'was gone. A process that dies before it could write its last commit down has made it all the same where its successor begins',
    'behind the messages and the group had committed before.',
    '',
    '## Otherwise',
    '',
    '`not-established`: the evidence does not suffice; the text says what is missing.',
  ].join('\n')}\n`
}

export function faultsPage(): string {
  const sections = Object.entries(faultGroups).flatMap(([group, members]) => [
    `## ${group[0]?.toUpperCase() ?? ''}${group.slice(1)}`,
    '',
    ...(members as readonly Fault[]).flatMap(fault => [
      `### ${fault.id}`,
      '',
      `${fault.title}. Targets: ${fault.targets.map(target => `\`${target}\``).join(', ')}. Needs: ${fault.needs.join(', ') || 'nothing'}.`,
      '',
      `*Models* ${fault.models}`,
      '',
      `*Cannot model* ${fault.cannotModel}`,
      '',
      ...Object.entries(fault.params).flatMap(([name, { doc }]) => [`- \`${name}\`: ${doc}`]),
      ...(Object.keys(fault.params).length === 0 ? [] : ['']),
    ]),
  ])
  return `${['# Faults', '', 'Made from the files in `faults/` by `npm run docs`.', '', ...roleLines, ...sections].join('\n').trimEnd()}\n`
}

const roleLines = [
  'A fault is aimed at a role, which is resolved when it is injected:',
  '',
  '| role | who |',
  '|---|---|',
  '| `leader`, `follower` | Kafka: of every lane; a follower is one that is in sync |',
  '| `controller`, `controller-majority` | the active controller; Kafka: with it, as many voters as make a majority |',
  '| `all`, `majority`, `minority` | of the brokers, the leader first; RocketMQ has `all` alone |',
  '| `other-than(leader)` | Kafka: all brokers but the leader |',
  '| `next` | Kafka: the broker behind the one that the last fault hit, in the order of their numbers; at first the leader |',
  '| `coordinator` | Kafka: of the consumer groups |',
  '| `master`, `slave` | RocketMQ: of every broker group that a lane lies on; a slave is one that is in step |',
  '| `first-master`, `first-slave` | RocketMQ: of the first broker group of every lane |',
  '| `name-server` | RocketMQ: all of them; in controller mode each holds a controller, of which the active one is `controller` |',
  '| `producer`, `consumer`, `first-consumer` | clients: their links, or their processes; the first member of each group |',
  '',
  'What a fault needs beyond Docker is tried before anything starts (`lossproof doctor` shows it): without it a run ends with',
  'exit code 3, or with `--skip-missing` the cells that need it are inconclusive. Each fault is proved by what can be read',
  'back from outside the thing that it attacks; without that its cells are inconclusive. Heals come in reverse order, whatever',
  'failed in between, and after the last one every replica has to be back in step.',
  '',
]

/** Settings of the place `workload`. */
export function workloadPage(): string {
  const rows = Object.entries(workloadSettings).map(([name, { doc, form }]) => `| \`${name}\` | ${doc} | ${form} |`)
  return `${['# Workload', '', 'Made from `harness/plan/workload.ts` by `npm run docs`. The load, and what the applications around the clients do; in', '`workload:`, in `lanes.defaults.workload`, or varied in the matrix as `workload.<name>`.', '', '| setting | meaning (default) | form |', '|---|---|---|', ...rows].join('\n')}\n`
}

export function clientsPage(): string {
  return `${[
    '# Clients',
    '',
    'Made from `workloads/clients/*/facts.ts` by `npm run docs`.',
    '',
    'Every send goes to one explicit partition, unless it is said below who chooses, and each attempt ends as acked, rejected or unknown. **Rejected** is promised only',
    'where the message cannot be stored: a broker answered with a code from before the append, and no earlier attempt that the',
    'client hid can have been stored. Such codes:',
    '',
    `${[...beforeAppend].map(code => `\`${code}\``).join(', ')}.`,
    '',
    "Settings are given under the system's documented (Java) names for every client; what a client cannot honour is refused before",
    'anything starts. What only one client has goes under `client:` as that client spells it. `auto.offset.reset` is `earliest`',
    "unless set. The codes above are Kafka's; those of RocketMQ stand in `workloads/rocketmq-remoting/answers.ts`.",
    '',
    ...Object.entries(clients).flatMap(([id, facts]) => clientSection(id, facts)),
  ]
    .join('\n')
    .trimEnd()}\n`
}

function clientSection(id: string, facts: ClientFacts): string[] {
  const place =
    facts.runsIn === 'node'
      ? 'Runs in a Node process.'
      : "Runs in a container of the brokers' image, on the host's network."
  const install = facts.install === undefined ? '' : ` Not installed with the project: ${facts.install}.`
  return [
    `## ${id}`,
    '',
    `${facts.title}. ${place}${install}`,
    '',
    '| an attempt is | when |',
    '|---|---|',
    ...Object.entries(facts.answers).map(([answer, when]) => `| ${answer} | ${when} |`),
    '',
    ...facts.consuming.flatMap(paragraph => [paragraph, '']),
    ...Object.entries(facts.settings).flatMap(([role, settings]) => settingTable(`As a ${role}`, settings)),
    ...settingTable('Its own, under `client:`', facts.own),
  ]
}

function settingTable(title: string, settings: SettingMap): string[] {
  if (settings.size === 0) return []
  return [`| ${title} | |`, '|---|---|', ...[...settings].map(([name, { maps }]) => `| \`${name}\` | ${maps} |`), '']
}
