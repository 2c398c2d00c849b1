import { expect, test } from 'vitest'
import { planOf } from '../../testing/report/sample.ts'
import { kafkaPair } from '../../testing/report/scenarios.ts'
import { describePlan } from './plan.ts'

test('the plan lists cells, steps, warnings and what Lossproof sets by itself, within 100 columns', () => {
  const plan = planOf(kafkaPair)
  const text = describePlan({
    ...plan,
    warnings: [`pair: ${'a long warning '.repeat(20)}`],
    setByHarness: [
      {
        system: 'kafka',
        node: 'broker',
        name: 'broker.heartbeat.interval.ms',
        value: 500,
        systemDefault: '2000',
        reason: 'a failover takes 3 to 7 s '.repeat(5).trim(),
        kind: 'tuned',
        trials: ['pair'],
      },
    ],
  })
  expect(text).toMatch(/^warning: pair: a long/)
  expect(text).toContain('2 cells in 1 trial')
  expect(text).toContain('step 2: after 10 acked in cut')
  expect(text).toMatch(/broker\.heartbeat\.interval\.ms +500 +2000 +a failover takes/)
  const wrapped = text.split('\n').filter(line => /^warning|^ {2}(?:broker|setting| {3})/.test(line))
  for (const line of wrapped) expect(line.length).toBeLessThanOrEqual(100)
})
