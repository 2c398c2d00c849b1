import { expect, test } from 'vitest'
import { unmatchedHint } from './unmatched.ts'

const cells = [
  { 'producer.acks': 1, 'topic.min.insync.replicas': 2, 'producer.retries': 5 },
  { 'producer.acks': 'all', 'topic.min.insync.replicas': 1, 'producer.retries': 5 },
]

test.each([
  [{ aks: '1' }, 'no cell has a setting "aks"; did you mean "acks"?'],
  [{ 'producer.ack': '1' }, 'did you mean "producer.acks"?'],
  [{ linger: '1' }, 'the cells differ in producer.acks, topic.min.insync.replicas'],
  [{ acks: '0' }, 'producer.acks has the values 1, all'],
  [{ acks: '1', 'min.insync.replicas': '1' }, 'none with all of them'],
])('%j: %s', (wanted, hint) => {
  expect(unmatchedHint(wanted, cells)).toContain(hint)
})
