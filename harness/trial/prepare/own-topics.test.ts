import { expect, test } from 'vitest'
import { planOf } from '../../plan/testing/demo.ts'
import { withPrefix } from './own-topics.ts'

const longName = 'n'.repeat(300)

test('topics and groups get the prefix, and names of Kafka stay within 249 characters', () => {
  const [trial] = planOf(
    `name: ${longName}\nsystem: kafka\ncluster: { bootstrap: a:1 }\nlanes: { defaults: { consumer: {} }, cells: [{}] }\n`,
  ).trials
  if (trial === undefined) throw new Error('no trial')
  const [lane] = withPrefix(trial, 'lossproof-0123abcd-').lanes
  expect(lane?.topic.name).toMatch(/^lossproof-0123abcd-n+/)
  expect(lane?.consumer?.group).toMatch(/^lossproof-0123abcd-n+/)
  expect(`${lane?.topic.name}.probe`.length).toBeLessThanOrEqual(249)
})
