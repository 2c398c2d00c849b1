/** What clients and peers see of a node whose process was killed, and of one whose machine is gone. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { FaultNode, Injected, LinkProbe } from '../../faults/fault.ts'
import { execIn } from '../../docker/engine/exec.ts'
import { faultContext } from '../../harness/trial/schedule/fault-context.ts'
import { startLive } from '../support/live.ts'
import type { Live } from '../support/live.ts'

const scenario = `
name: dead-nodes
system: kafka
cluster: { brokers: 3 }
lanes:
  defaults:
    topic: { replication.factor: 3, min.insync.replicas: 1 }
    client: platformatic
  matrix: { producer.acks: [all] }
workload: { rate: 50/s }
schedule:
  - after: { acked: 1 }
    inject: { fault: crash, target: leader }
`
const limitMs = 1500

let live: Live
let injected: Injected[] = []

beforeAll(async () => {
  live = await startLive(scenario)
})
afterAll(async () => live?.[Symbol.asyncDispose]())
afterEach(async () => {
  for (const each of injected.toReversed()) await each.heal()
  injected = []
  await live.healthy()
})

async function inject(...call: Parameters<Live['inject']>): Promise<Injected> {
  const one = await live.inject(...call)
  injected.push(one)
  return one
}

const leader = (): FaultNode => live.context.cluster.node(live.context.observer.partitions()[0]?.view.leader ?? -1)
const links = async (node: FaultNode): Promise<LinkProbe[]> =>
  Object.values(await faultContext(live.context).probeLinks(node, limitMs))

/** How a connection from another node of the cluster fared: `refused`, or `silent` after three seconds. */
async function fromPeer(node: FaultNode): Promise<string> {
  const peer = live.context.cluster.nodes.all.find(({ id }) => id !== node.id)
  if (!peer) throw new Error('no peer')
  const dial = `timeout 3 bash -c 'exec 3<>/dev/tcp/${node.name}/9094' 2>&1; echo "exit $?"`
  const output = await execIn(peer.container, ['sh', '-c', dial])
  if (/refused/i.test(output)) return 'refused'
  return /exit 124/.test(output) ? 'silent' : output.trim()
}

test('a killed process: its host refuses connections at once, of clients and of peers', async () => {
  const node = leader()
  const { evidence } = await inject('crash', 'leader')
  const probes = await links(node)
  expect(probes.map(({ outcome }) => outcome)).toEqual(['closed', 'closed', 'closed'])
  expect(await fromPeer(node)).toBe('refused')
  expect(await evidence()).toMatchObject({ complete: true, seen: { [node.name]: { exitCode: 137, wasDown: false } } })
})

test('a machine without power: silence, for clients and for peers, until it has power again', async () => {
  const node = leader()
  const { evidence } = await inject('power-loss', 'leader')
  expect(await fromPeer(node)).toBe('silent')
  expect((await links(node)).every(({ outcome }) => outcome === 'not tried')).toBe(true)
  expect(await evidence()).toMatchObject({ complete: true })
})

test('a cut-off machine whose process is killed stays cut off when the process starts again', async () => {
  const node = leader()
  const cutOff = await inject('isolate', 'leader')
  const context = faultContext(live.context)
  await context.end(node, 'SIGKILL')
  await context.start(node)
  expect(await fromPeer(node)).toBe('silent')
  await cutOff.heal()
  await live.healthy()
  expect((await links(node)).map(({ outcome }) => outcome)).toEqual(['answered', 'answered', 'answered'])
})

test('two faults that meet on one node: the second leaves out what the first has ended', async () => {
  const node = leader()
  await inject('crash', 'leader')
  const context = faultContext(live.context)
  expect(await context.end(node, 'SIGTERM')).toEqual({ exitCode: 137, engineEvent: undefined, wasDown: true })
  await context.pause(node)
  expect(await context.state(node)).toMatchObject({ running: false, paused: false })
})
