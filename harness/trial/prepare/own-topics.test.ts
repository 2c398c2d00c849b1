import { expect, test } from 'vitest'
import { planOf } from '../../plan/testing/demo.ts'
import { withPrefix } from './own-topics.ts'

const longName = 'n'.repeat(300)

test('the topic that an application writes gets the prefix too', () => {
  const [trial] = planOf(
    'name: a\nsystem: kafka\ncluster: { bootstrap: a:1 }\n' +
      'lanes: { defaults: { app: { command: [node, a.mjs], in: orders, out: invoices } } }\n',
  ).trials
  if (trial === undefined) throw new Error('no trial')
  expect(withPrefix(trial, 'lossproof-0123abcd-').lanes[0]?.app?.out.name).toMatch(/^lossproof-0123abcd-.*invoices/)
})

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
