/** The evidence rule, for every fault alike: complete when the fault had its effect on every target, else incomplete. */
import { describe, expect, test } from 'vitest'
import type { Fault, FaultTarget } from './contract/fault.ts'
import { crashClient } from './client/crash-client.ts'
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

describe('a fault of the data disk', () => {
  const diskFaults = faults.filter(({ kind }) => kind === 'disk')

  test.each(diskFaults)('$id has incomplete evidence when a broker keeps messages on another disk', async fault => {
    const cluster = new FakeCluster()
    cluster.nodes[0]?.dataElsewhere.push('/elsewhere/commitlog/00000000000000000000')
    const { evidence } = await fault.inject(cluster.context(), aim(fault, cluster), {})
    const { complete, seen } = await evidence()
    expect(complete).toBe(false)
    expect(JSON.stringify(seen)).toContain('/elsewhere/commitlog/')
  })

  test.each(diskFaults)('$id has incomplete evidence when no message file is open on the disk', async fault => {
    const cluster = new FakeCluster()
    for (const node of cluster.nodes) node.dataFiles = 0
    const { evidence } = await fault.inject(cluster.context(), aim(fault, cluster), {})
    expect(await evidence()).toMatchObject({ complete: false })
  })
})

test('a crash has incomplete evidence when a link of the node does not refuse connections', async () => {
  const cluster = new FakeCluster()
  const silent = {
    ...cluster.context(),
    probeLinks: async () => ({ 'producer-1': { outcome: 'silent', ms: 1500 } as const }),
  }
  const { evidence } = await existing('crash').inject(silent, cluster.target('nodes', 1), {})
  expect(await evidence()).toMatchObject({ complete: false })
})

test('a link that another fault hides does not make the evidence of a crash incomplete', async () => {
  const cluster = new FakeCluster()
  const hidden = { outcome: 'not tried', why: 'toxics: cut' } as const
  const context = { ...cluster.context(), probeLinks: async () => ({ 'producer-1': hidden }) }
  const { evidence } = await existing('crash').inject(context, cluster.target('nodes', 1), {})
  expect(await evidence()).toMatchObject({ complete: true })
})

test('a stop leaves out a node that was down, and needs one that it has stopped itself', async () => {
  const cluster = new FakeCluster()
  const real = cluster.context()
  const downAlready = (name: string) => ({
    ...real,
    end: async (...[node, signal]: Parameters<typeof real.end>) =>
      node.name === name ? ({ exitCode: 137, engineEvent: undefined, wasDown: true } as const) : real.end(node, signal),
  })
  const evidence = async (count: number) =>
    (await existing('stop').inject(downAlready('broker-1'), cluster.target('nodes', count), {})).evidence()
  expect(await evidence(2)).toMatchObject({ complete: true, seen: { 'broker-1': { wasDown: true } } })
  expect(await evidence(1)).toMatchObject({ complete: false })
})

function existing(id: string): Fault {
  const found = faults.find(fault => fault.id === id)
  if (!found) throw new Error(`no fault ${id}`)
  return found
}

test('crash-client tells the last words of a client that had ended before', async () => {
  const cluster = new FakeCluster()
  const target = cluster.target('clients', 2)
  const [first] = target.clients
  if (!first) throw new Error('a cluster with clients')
  const said = 'the consumer stopped: UNKNOWN_MEMBER_ID'
  cluster.endedByItself(first.name, { ended: 'exit code 0', said })
  const { evidence } = await crashClient.inject(
    cluster.context(name => name === first.name),
    target,
    {},
  )
  expect(await evidence()).toMatchObject({
    complete: false,
    seen: { [first.name]: { running: false, ended: 'exit code 0', said } },
  })
})
