/** What a fault can do and see, by the trial's cluster and observer. */
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { ClientLink, FaultClient, FaultContext, Probe } from '../../../faults/fault.ts'
import { LossproofError } from '../../../model/errors.ts'
import type { TrialContext } from '../context.ts'
import { waitForRecovery } from '../finish/recovery.ts'

const settleMs = 50
const settleLooks = 60
const logTail = 20_000

export function faultContext(context: TrialContext): FaultContext {
  const { cluster, observer, system, signal, log, extracts } = context
  const { nodes, network, disks } = cluster
  return {
    allNodes: nodes.all.map(({ id, name }) => ({ id, name })),
    end: async (node, by) => {
      const ended = await nodes.end(node.id, by)
      if (by === 'SIGKILL') extracts?.killed(node.id)
      return ended
    },
    start: async node => {
      await extracts?.starting(node.id)
      await nodes.boot(node.id)
    },
    pause: async node => nodes.pause(node.id),
    unpause: async node => nodes.unpause(node.id),
    state: async node => nodes.state(node.id),
    lastLog: async node => (await nodes.logs(node.id)).slice(-logTail),
    part: async (pairs, direction) =>
      network.dropBetween(
        pairs.map(([one, other]) => [one.id, other.id] as const),
        direction,
      ),
    isolate: async targets => network.isolate(targets.map(node => node.id)),
    losePower: async targets =>
      disks.losePower(
        targets.map(node => node.id),
        async (helper, mounts) => extracts?.dark(helper, mounts),
      ),
    onDisk: async (node, script) => {
      await extracts?.settled(node.id)
      return disks.on(node.id, script)
    },
    freezeDisk: async node => disks.freeze(node.id),
    diskState: async node => disks.frozen(node.id),
    thawDisk: async node => disks.thaw(node.id),
    throttleDisk: async (node, writesPerSec) => disks.throttle(node.id, writesPerSec),
    fsyncMs: async (node, times) => disks.fsyncMs(node.id, times),
    replicationLink: node => cluster.replicationLink(node.id),
    replicationStreams: system.replicationStreams,
    data: system.data,
    replicaEnds: async () => observer.replicaEnds(),
    logEnd: node => observer.logEnd(node.id),
    leaders: () => observer.leaders(),
    transferLeadership: async (partitions, to) => system.transferLeadership(partitions, to),
    activeController: async () => system.activeController(),
    probe: async (link, limitMs) => probe(link, limitMs, system.probes.answered),
    probeClose: async (link, limitMs) => probe(link, limitMs, system.probes.nonsense),
    ...clientVerbs(context),
    recovered: async () => void (await waitForRecovery(context, log.now())),
    settled: async (look, alike, looks = settleLooks) => {
      let before = await look()
      for (let looked = 0; looked < looks; looked++) {
        await delay(settleMs, undefined, { signal })
        const now = await look()
        if (alike(now, before)) return now
        before = now
      }
      return before
    },
  }
}

type ClientVerbs = Pick<
  FaultContext,
  'sent' | 'endClient' | 'freezeClient' | 'wakeClient' | 'clientState' | 'startClient'
>

/** What a fault can do to the trial's own client processes. */
function clientVerbs(context: TrialContext): ClientVerbs {
  const fleetOf = ({ name }: FaultClient) => {
    const { fleet } = context.producers
    const found = fleet.names.includes(name) ? fleet : context.consumers?.fleet
    if (!found) throw new LossproofError('internal', `no client ${name}`)
    return found
  }
  return {
    sent: () => {
      const statuses = context.trial.lanes.map(lane => context.producers.status(lane.id))
      return { sent: sum(statuses.map(status => status.sent)), acked: sum(statuses.map(status => status.acked)) }
    },
    endClient: async (client, by) => fleetOf(client).end(client, by),
    freezeClient: async client => fleetOf(client).freeze(client),
    wakeClient: async client => {
      await fleetOf(client).wake(client)
      context.producers.rejoin()
    },
    clientState: async client => fleetOf(client).state(client),
    startClient: async client => {
      if (await fleetOf(client).restart(client)) context.producers.rejoin()
    },
  }
}

/** Both systems begin an answer with its length in four bytes. */
async function probe(link: ClientLink, limitMs: number, request: Buffer): Promise<Probe> {
  const at = link.address.lastIndexOf(':')
  const started = performance.now()
  const socket = connect({ host: link.address.slice(0, at), port: Number(link.address.slice(at + 1)) })
  let received = 0
  let expected = Infinity
  let head = Buffer.alloc(0)
  try {
    const outcome = await new Promise<Probe['outcome']>(resolve => {
      socket.setTimeout(limitMs)
      const timer = setTimeout(() => resolve('silent'), limitMs)
      socket.once('close', () => clearTimeout(timer))
      socket.on('connect', () => socket.write(request))
      socket.on('data', data => {
        received += data.length
        if (head.length < 4) head = Buffer.concat([head, data]).subarray(0, 4)
        if (head.length === 4) expected = head.readUInt32BE(0) + 4
        if (received >= expected) resolve('answered')
      })
      socket.on('error', error => resolve('code' in error && error.code === 'ECONNREFUSED' ? 'refused' : 'closed'))
      socket.on('end', () => resolve('closed'))
      socket.on('close', () => resolve('closed'))
    })
    return { outcome, ms: Math.round(performance.now() - started) }
  } finally {
    socket.destroy()
  }
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
