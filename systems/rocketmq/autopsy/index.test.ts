import { expect, test } from 'vitest'
import { planOf } from '../../../harness/plan/testing/demo.ts'
import { rocketmqAutopsy } from './index.ts'

function expires(cluster: string): boolean {
  const { cells, trials } = planOf(`name: demo\nsystem: rocketmq\ncluster: ${cluster}\nlanes: { cells: [{}] }\n`)
  const [[cell], [trial]] = [cells, trials]
  if (!cell || !trial) throw new Error('nothing is planned')
  return rocketmqAutopsy.expiresRecords({ cell, trial })
}

test('records can expire where a scenario sets retention, and where the retention is not known', () => {
  expect(expires('{}')).toBe(false)
  expect(expires('{ broker: { fileReservedTime: 1 } }')).toBe(true)
  expect(expires('{ bootstrap: a.test:9876 }')).toBe(true)
})
