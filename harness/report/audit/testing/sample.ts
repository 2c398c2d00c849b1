/** For tests: the result of an audit with every outcome that there is. */
import type { AuditedKey, AuditPlan, AuditResult, AuditRow, FixResult, Price } from '../../../../model/audit.ts'
import { noCounts } from '../../../../model/outcomes.ts'
import type { Settings } from '../../../../model/settings.ts'

export const price = (ackMsP99: number, refused = 0): Price => ({
  load: { ackedPerSec: 98, ackMsP50: Math.ceil(ackMsP99 / 3), ackMsP99 },
  recovery: { unavailableMs: 3300 },
  refused,
})

export const fixed = (settings: Settings, rest: Partial<FixResult> = {}): FixResult => ({
  settings,
  cell: `audit/${Object.keys(settings).join('+')}`,
  ownTrial: false,
  outcome: 'kept',
  lost: 0,
  skipped: 0,
  acked: 151,
  price: price(9, 12),
  reasons: [],
  ...rest,
})

interface RowParts extends Partial<Omit<AuditRow, 'probe' | 'counts'>> {
  id: string
  title: string
  question?: string
  side?: 'producer' | 'consumer'
  counts?: Partial<AuditRow['counts']>
}

export function row({ id, title, question, side = 'producer', counts, ...rest }: RowParts): AuditRow {
  const tried = rest.tried ?? (rest.fix ? [rest.fix] : [])
  return {
    probe: {
      id,
      title,
      question: question ?? `Do messages survive when this happens: ${title}?`,
      side,
      cell: `${id}/own`,
      fixes: tried.map(({ settings, cell, ownTrial }) => ({ settings, cell, ownTrial })),
    },
    run: '20260101-000000-audit-1',
    outcome: 'kept',
    counts: { ...noCounts(), sent: 152, acked: 143, stored: 143, ...counts },
    tries: { made: 1, lost: 0 },
    causes: [],
    price: price(4),
    origins: [],
    reasons: [],
    allowed: false,
    ...rest,
    tried,
  }
}

export const key = (line: number, name: string, verdict: AuditedKey['verdict'], rest: Partial<AuditedKey> = {}) => ({
  file: 'server.properties',
  line,
  key: name,
  value: 1,
  verdict,
  ...rest,
})

export const samplePlan = (rest: Partial<AuditPlan> = {}): AuditPlan => ({
  schema: 1,
  system: 'kafka',
  version: '4.3.1',
  client: 'java',
  files: [
    { file: 'server.properties', label: 'Kafka broker', keys: 22, used: 12 },
    { file: 'producer.properties', label: 'Kafka producer', keys: 14, used: 9 },
  ],
  settings: [
    { name: 'producer.acks', value: 1, from: { file: 'producer.properties', line: 3 } },
    { name: 'broker.min.insync.replicas', value: 1, from: { file: 'server.properties', line: 7 } },
    { name: 'topic.replication.factor', value: 3 },
  ],
  keys: [
    key(9, 'unclean.leader.elections.enable', 'unknown', {
      value: false,
      reason: 'did you mean unclean.leader.election.enable?',
    }),
    key(11, 'log.flush.interval.ms', 'invalid', { value: '5ms', reason: 'expected a whole number' }),
    key(3, 'acks', 'used', {
      file: 'producer.properties',
      danger: {
        why: 'the leader alone acknowledges; what no follower has copied is lost with the leader',
        source: 'https://kafka.apache.org/documentation/#producerconfigs_acks',
      },
    }),
    key(1, 'listeners', 'replaced', { reason: 'Lossproof connects clients through proxies of its own' }),
    key(2, 'log.dirs', 'replaced', { reason: 'each broker has a disk of its own' }),
    key(4, 'num.io.threads', 'no-effect', { reason: 'no effect on loss, duplicates or order' }),
    key(6, 'partitioner.class', 'unsupported', {
      file: 'producer.properties',
      reason: 'the client java has no such setting; choose another with --client',
    }),
  ],
  assumptions: ['no file gives a replication factor; 3 replicas are assumed'],
  notes: [{ file: 'server.properties', line: 1, text: 'a note about the file' }],
  setByHarness: [{ name: 'broker.controlled.shutdown.retry.backoff.ms', value: 100, reason: 'brokers stop sooner' }],
  probes: [],
  notAsked: [
    { id: 'rebalance', title: 'rebalance', reason: 'no file configures a consumer' },
    { id: 'poisoned', title: 'poisoned message', reason: 'no file configures a consumer' },
  ],
  allowed: ['disk-lost'],
  cannotSee: ['faults that last longer than a few minutes', 'messages that your application never sends'],
  ...rest,
})

export const sampleRows: readonly AuditRow[] = [
  row({ id: 'rolling-restart', title: 'rolling restart' }),
  row({
    id: 'answers-cut',
    title: 'answers cut',
    counts: { duplicates: 3, stalled: 0 },
    price: price(4, 7),
  }),
  row({
    id: 'leader-lost',
    title: 'leader lost while followers lag',
    outcome: 'lost',
    counts: { lost: 52, stored: 91 },
    tries: { made: 1, lost: 1 },
    causes: [
      {
        code: 'truncated-after-election',
        text: '52 messages (offsets 91–142) were acknowledged by broker 1, which crashed before a follower had them',
        count: 52,
      },
    ],
    tried: [fixed({ 'producer.acks': 'all' })],
    fix: fixed({ 'producer.acks': 'all' }),
    origins: [{ name: 'producer.acks', value: 1, from: { file: 'producer.properties', line: 3 } }],
  }),
  row({
    id: 'power-lost',
    title: 'power lost everywhere',
    outcome: 'lost',
    counts: { lost: 8, stored: 135 },
    tries: { made: 2, lost: 1 },
    causes: [{ code: 'unsynced-pages', text: '8 messages were in the page cache when the power went', count: 8 }],
    tried: [
      fixed({ 'producer.acks': 'all' }, { outcome: 'lost', lost: 5, acked: 140 }),
      fixed({ 'topic.flush.messages': 1 }, { outcome: 'inconclusive', ownTrial: true, reasons: ['no evidence'] }),
    ],
  }),
  row({
    id: 'consumer-killed',
    title: 'consumer killed between fetch and commit',
    side: 'consumer',
    outcome: 'skipped',
    counts: { skipped: 5, stored: 200, processed: 195 },
    causes: [{ code: 'committed-before-processing', text: 'a consumer committed 5 messages and died', count: 5 }],
    tried: [],
    tries: { made: 1, lost: 1 },
  }),
  row({
    id: 'disk-lost',
    title: "leader's disk lost",
    outcome: 'lost',
    counts: { lost: 143, stored: 0 },
    tries: { made: 1, lost: 1 },
    causes: [{ code: 'disk-wiped', text: 'the only copy was on a disk that was replaced', count: 143 }],
    fix: fixed(
      { 'producer.acks': 'all', 'topic.min.insync.replicas': 2 },
      { ownTrial: true, acked: 130, price: price(21, 0) },
    ),
    origins: [
      { name: 'producer.acks', value: 1, from: { file: 'producer.properties', line: 3 } },
      { name: 'topic.min.insync.replicas', value: 1 },
    ],
    allowed: true,
  }),
  row({
    id: 'controller-lost',
    title: 'controller lost',
    outcome: 'inconclusive',
    tries: { made: 2, lost: 0 },
    reasons: ['no new controller was seen within 30 s'],
  }),
]

/** Rows in the order of a run. `rows: []` is an audit that was interrupted before its first result. */
export function sampleAudit(
  rows: readonly AuditRow[] = sampleRows,
  plan: Partial<AuditPlan> = {},
  verdict: AuditResult['verdict'] = 'violated',
): AuditResult {
  return {
    schema: 1,
    run: '20260101-000000-audit-1',
    plan: samplePlan({ probes: rows.map(({ probe }) => probe), ...plan }),
    rows: [...rows],
    verdict,
  }
}
