/** Do the settings of the service keep what is acknowledged? The scenario drives its own clients with these settings. */
import { runScenario } from 'lossproof'
import type { Run } from 'lossproof'
import 'lossproof/vitest'
import { beforeAll, expect, test } from 'vitest'

let run: Run

beforeAll(async () => {
  run = await runScenario('orders.yaml')
})

test('acks=all loses nothing when the leader dies', () => {
  expect(run.cell('acks=all')).toLoseNothing()
})

test('acks=1 loses what was acknowledged while replication was cut', () => {
  expect(run.cell('acks=1')).toLose({ exactly: 'acked-in(cut)', cause: 'truncated-after-election' })
})
