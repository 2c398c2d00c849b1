/** Which probe results prove a fault of a client link, at the edges. */
import { expect, test } from 'vitest'
import type { Probe } from '../contract/link.ts'
import { findFault } from '../index.ts'
import { FakeCluster } from '../testing/fake-cluster.ts'

async function completeWith(id: string, params: Record<string, number>, probe: Probe): Promise<boolean> {
  const cluster = new FakeCluster()
  const context = { ...cluster.context(), probe: async () => probe, probeClose: async () => probe }
  const injected = await findFault(id)?.inject(context, cluster.target('links'), params)
  return (await injected?.evidence())?.complete ?? false
}

test.each([
  ['latency', { ms: 100 }, { outcome: 'answered', ms: 195 }, true],
  ['latency', { ms: 100 }, { outcome: 'answered', ms: 150 }, false],
  ['latency', { ms: 100, jitter: 50 }, { outcome: 'answered', ms: 100 }, true],
  ['latency', { ms: 100 }, { outcome: 'silent', ms: 1500 }, false],
  ['latency', { ms: 1000 }, { outcome: 'silent', ms: 1500 }, true],
  ['latency', { ms: 100 }, { outcome: 'closed', ms: 300 }, false],
  ['bandwidth', { kbps: 1 }, { outcome: 'answered', ms: 250 }, true],
  ['bandwidth', { kbps: 1 }, { outcome: 'answered', ms: 100 }, false],
  ['cut', {}, { outcome: 'closed', ms: 1 }, false],
  ['reset', {}, { outcome: 'refused', ms: 1 }, true],
  ['reset', {}, { outcome: 'answered', ms: 1 }, false],
  ['slow-close', { ms: 1000 }, { outcome: 'closed', ms: 900 }, false],
  ['slow-close', { ms: 1000 }, { outcome: 'closed', ms: 1001 }, true],
  ['slow-close', { ms: 1000 }, { outcome: 'silent', ms: 65_000 }, false],
  ['limit-data', {}, { outcome: 'answered', ms: 1 }, false],
] as const)('%s %j with a probe %j: complete is %j', async (id, params, probe, complete) => {
  expect(await completeWith(id, params, probe)).toBe(complete)
})
