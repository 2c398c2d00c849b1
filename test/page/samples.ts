/** For tests of the page: runs with every verdict. */
import type { PageData } from '../../harness/report/page-data/page-data.ts'
import { dashboardPage } from '../../harness/report/page-data/dashboard-page.ts'
import { mergedRun, runPage } from '../../harness/report/page-data/run-page.ts'
import { sampleRun } from '../../harness/testing/report/sample.ts'
import { kafkaConsumers, kafkaPair, rocketmqPair } from '../../harness/testing/report/scenarios.ts'
import { assembleRun } from '../../harness/verdict/judge-trial.ts'
import type { CellVerdict } from '../../model/verdict.ts'

export const lossy = (expected: string) =>
  sampleRun(kafkaPair, {
    fate: (cell, s) => ({
      acked: cell.settings['producer.acks'] === 1 || s < 101 || s > 140,
      stored: s < 101 || s > 140,
    }),
    expect: cell => ({ lost: cell.settings['producer.acks'] === 1 ? expected : 0 }),
  })

/** Kafka and RocketMQ, with every verdict that there is. */
export function everything(): PageData {
  const parts = [lossy('acked-in(cut)'), sampleRun(rocketmqPair)]
  const cause = { code: 'truncated-after-election', text: 'broker 2 was elected without them' }
  const cells = parts.flatMap(part =>
    part.verdict.cells.map(cell => ({ ...cell, lost: cell.lost.map(range => ({ ...range, cause })) })),
  )
  const [first] = cells
  if (!first) throw new Error('no sample')
  const others = (['violated', 'inconclusive', 'not-shown'] as const).map((verdict): CellVerdict => ({
    ...first,
    id: `pair/${verdict}`,
    scenario: 'others',
    settings: { word: verdict },
    verdict,
    reasons: [`because it is ${verdict}`],
  }))
  const verdict = assembleRun(
    {
      run: '20260101-000000-all-1',
      seed: 1,
      claims: [
        {
          id: 'kafka/acks',
          text: 'An acknowledgement by the leader alone does not survive the leader.',
          cells: cells.slice(0, 2).map(({ id }) => id),
        },
      ],
    },
    [...cells, ...others],
  )
  const ours = { system: 'kafka', kind: 'tuned' as const, node: 'broker', trials: ['pair'] }
  const setByHarness = [
    { ...ours, name: 'a.timeout.ms', value: 1000, systemDefault: '5000', reason: 'faster' },
    { ...ours, name: 'threads', value: 2, reason: 'less load' },
  ]
  return runPage({ ...mergedRun(verdict, parts), setByHarness, warnings: ['pair: two nodes are not enough'] })
}

/** A cell with consumers, of which one takes over from the other. */
export const consumed = (): PageData => runPage(sampleRun(kafkaConsumers))

export function dashboard(): PageData {
  const verdicts = [1, 2, 3].map(day => ({
    ...(day === 2 ? lossy('0') : lossy('acked-in(cut)')).verdict,
    run: `2026010${day}-120000-pair-1`,
  }))
  return dashboardPage(
    verdicts.map(verdict => ({
      verdict,
      versions: { kafka: verdict.run.includes('0103') ? '4.3.1' : '4.2.0' },
      href: `${verdict.run}/report.html`,
    })),
  )
}

export const cellOf = (id: string) => `#/cell/${encodeURIComponent(id)}`
