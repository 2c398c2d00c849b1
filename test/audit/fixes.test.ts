/** Audits of four configurations: each finding is gone once the proposed changes are in the files. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pLimit from 'p-limit'
import { describe, expect, test } from 'vitest'
import { AuditResult } from '../../model/audit.ts'
import { folder, lossproof } from '../support/cli.ts'

const limitMs = 1_200_000
const isSoak = Boolean(process.env['LOSSPROOF_SOAK'])
/** Each audit has one cluster at a time. */
const atOnce = pLimit(2)

interface Case {
  /** Only in `./lossproof test --soak`, because it takes minutes. */
  isLong?: true
  probe: string
  files: Record<string, string>
  outcome: 'lost' | 'skipped'
  cause: string
  fix: Record<string, unknown>
}

const cases: Record<string, Case> = {
  'a Kafka producer that waits for the leader alone': {
    probe: 'leader-lost-behind',
    files: { 'producer.properties': '# orders\nacks=1\nlinger.ms=5\n' },
    outcome: 'lost',
    cause: 'truncated-after-election',
    fix: { 'producer.acks': 'all' },
  },
  'Kafka in docker-compose with unclean elections': {
    isLong: true,
    probe: 'unclean-election',
    files: {
      'docker-compose.yml': [1, 2, 3].reduce(
        (text, id) => `${text}  kafka-${id}:
    image: apache/kafka:4.3.1
    environment:
      KAFKA_NODE_ID: ${id}
      KAFKA_PROCESS_ROLES: broker,controller
      KAFKA_CONTROLLER_QUORUM_VOTERS: 1@kafka-1:9093,2@kafka-2:9093,3@kafka-3:9093
      KAFKA_DEFAULT_REPLICATION_FACTOR: 3
      KAFKA_UNCLEAN_LEADER_ELECTION_ENABLE: 'true'
`,
        'services:\n',
      ),
    },
    outcome: 'lost',
    cause: 'unclean-election',
    fix: { 'topic.unclean.leader.election.enable': false },
  },
  'a Kafka consumer that swallows what it cannot handle': {
    isLong: true,
    probe: 'consumer-poisoned',
    files: {
      'orders.yaml':
        'system: kafka\nconsumer:\n  enable.auto.commit: false\n  auto.offset.reset: earliest\nworkload:\n  onPoison: swallow\n',
    },
    outcome: 'skipped',
    cause: 'failure-swallowed',
    fix: { 'workload.onPoison': 'park' },
  },
  'a RocketMQ master that does not wait for its slave': {
    probe: 'master-lost-behind',
    files: {
      'broker-a.properties': 'brokerName=broker-a\nbrokerId=0\nbrokerRole=SYNC_MASTER\nflushDiskType=ASYNC_FLUSH\n',
      'broker-a-s.properties': 'brokerName=broker-a\nbrokerId=1\nbrokerRole=SLAVE\nflushDiskType=ASYNC_FLUSH\n',
    },
    outcome: 'lost',
    cause: 'not-replicated',
    fix: { 'broker.inSyncReplicas': 2 },
  },
}

/** The audit of the files in `path`, asked about one probe. */
async function audit(path: string, { probe, files }: Case, ...options: string[]) {
  const results = join(path, `results-${options.length}`)
  const words = ['audit', ...Object.keys(files), '--probe', probe, '--parallel', '1', '--results', results, ...options]
  const { code, stdout, stderr } = await lossproof(words, {}, undefined, path)
  const run = existsSync(results) ? readdirSync(results).toSorted()[0] : undefined
  if (run === undefined) throw new Error(`the audit made no run folder: ${stderr}`)
  const result = AuditResult.parse(JSON.parse(readFileSync(join(results, run, 'audit.json'), 'utf8')))
  return { code, stdout, stderr, result, folder: join(results, run) }
}

describe('the proposed changes', () => {
  test.concurrent.each(Object.entries(cases).filter(([, { isLong = false }]) => isSoak || !isLong))(
    'of %s remove the finding',
    async (_, one) =>
      atOnce(async () => {
        const path = folder()
        for (const [name, text] of Object.entries(one.files)) writeFileSync(join(path, name), text)
        const patch = 'fixes.patch'
        const before = await audit(path, one, '--patch', patch)
        const [row] = before.result.rows
        expect({ code: before.code, outcome: row?.outcome, reasons: row?.reasons }).toEqual({
          code: 99,
          outcome: one.outcome,
          reasons: [],
        })
        expect(row?.causes.map(({ code }) => code)).toContain(one.cause)
        expect(row?.fix).toMatchObject({ settings: one.fix, outcome: 'kept', lost: 0, skipped: 0 })
        expect(before.stdout).toContain('Change th')
        expect(readFileSync(join(before.folder, 'report.html'), 'utf8')).toContain(one.cause)

        execFileSync('git', ['apply', '-p0', patch], { cwd: path })
        for (const [name, text] of Object.entries(one.files)) {
          if (row?.origins.some(({ from }) => from?.file.endsWith(name)))
            expect(readFileSync(join(path, name), 'utf8')).not.toBe(text)
        }
        const after = await audit(path, one, '--no-fixes')
        expect({ code: after.code, outcome: after.result.rows[0]?.outcome }).toEqual({ code: 0, outcome: 'kept' })
      }),
    limitMs,
  )
})
