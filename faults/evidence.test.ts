/** The evidence rule, for every fault alike: complete when the fault had its effect on every target, else incomplete. */
import { describe, expect, test } from 'vitest'
import type { Fault, FaultTarget } from './contract/fault.ts'
import { faults } from './index.ts'
import { FakeCluster } from './testing/fake-cluster.ts'

/** Faults of one node, whatever the role. */
const singleTarget = new Set(['leader-transfer', 'controller-crash'])
/** These faults end by themselves: a heal has nothing to do. */
const overAfterInject = new Set(['restart', 'rolling-restart', 'leader-transfer'])

/** Two targets of the fault, or all nodes where it hits all. */
function aim({ id, kind, targets }: Fault, cluster: FakeCluster): FaultTarget {
  if (kind === 'client') return cluster.target('clients', 2)
  if (kind === 'client-link') return cluster.target('links', 2)
  return cluster.target('nodes', singleTarget.has(id) ? 1 : targets[0] === 'all' ? undefined : 2)
}

async function evidenceWhere(fault: Fault, spares: (name: string) => boolean) {
  const cluster = new FakeCluster()
  const target = cluster.sparing(aim(fault, cluster), spares)
  const { evidence } = await fault.inject(cluster.context(spares), target, {})
  return evidence()
}

describe.each(faults.map(fault => [fault.id, fault] as const))('%s', (id, fault) => {
  test('has complete evidence, naming every target, when all targets were hit', async () => {
    const found = await evidenceWhere(fault, () => false)
    expect(found.complete, JSON.stringify(found.seen)).toBe(true)
    const { nodes, links, clients } = aim(fault, new FakeCluster())
    for (const { name } of [...nodes, ...links, ...clients]) expect(JSON.stringify(found.seen)).toContain(`"${name}"`)
  })

  test('has incomplete evidence when the injection did nothing', async () => {
    expect(await evidenceWhere(fault, () => true)).toMatchObject({ complete: false })
  })

  test.skipIf(singleTarget.has(id))('has incomplete evidence when one of its targets was not hit', async () => {
    const spared = new Set(['broker-2', 'producer-2'])
    expect(await evidenceWhere(fault, name => spared.has(name))).toMatchObject({ complete: false })
  })

  test('is healed for good, and a second heal changes nothing', async () => {
    const cluster = new FakeCluster()
    const healthy = cluster.snapshot()
    const { heal } = await fault.inject(cluster.context(), aim(fault, cluster), {})
    if (!overAfterInject.has(id)) expect(cluster.snapshot()).not.toEqual(healthy)
    await heal()
    await heal()
    expect(cluster.snapshot()).toEqual(healthy)
  })

  test('has no complete evidence when it was aimed at nothing', async () => {
    const nothing: FaultTarget = { role: 'any', nodes: [], links: [], clients: [] }
    const found = async () => (await fault.inject(new FakeCluster().context(), nothing, {})).evidence()
    const complete = await found().then(
      evidence => evidence.complete,
      () => 'refused',
    )
    expect(complete).not.toBe(true)
  })
})
