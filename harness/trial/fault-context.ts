/** What a fault can do and see, by the trial's cluster and observer. */
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { ClientLink, FaultContext, Probe } from '../../faults/fault.ts'
import type { TrialContext } from './context.ts'
import { waitForRecovery } from './recovery.ts'

const settleMs = 50
const settleLooks = 60
const logTail = 20_000

export function faultContext(context: TrialContext): FaultContext {
  const { cluster, observer, producers, signal, trial, log } = context
  return {
    end: async (node, by) => cluster.end(node.id, by),
    start: async node => cluster.boot(node.id),
    pause: async node => cluster.pause(node.id),
    unpause: async node => cluster.unpause(node.id),
    state: async node => cluster.state(node.id),
    lastLog: async node => (await cluster.logs(node.id)).slice(-logTail),
    replicationLink: node => cluster.replicationLink(node.id),
    replicaEnds: async () => observer.replicaEnds(),
    sent: () => {
      const statuses = trial.lanes.map(lane => producers.status(lane.id))
      return { sent: sum(statuses.map(status => status.sent)), acked: sum(statuses.map(status => status.acked)) }
    },
    probe: async (link, limitMs) => probe(link, limitMs),
    dropPeers: async (node, side, direction) => cluster.dropPeers(node.id, side.map(other => other.id), direction),
    dropAll: async node => cluster.dropAll(node.id),
    droppedPackets: async node => cluster.droppedPackets(node.id),
    undrop: async node => cluster.undrop(node.id),
    losePower: async nodes => cluster.losePower(nodes.map(node => node.id)),
    onDisk: async (node, script) => cluster.onDisk(node.id, script),
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

/** ApiVersions v0, the smallest thing that every broker answers: size, key 18, version 0, correlation id, no client id. */
const apiVersions = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 255, 255])

async function probe(link: ClientLink, limitMs: number): Promise<Probe> {
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
      socket.on('connect', () => socket.write(apiVersions))
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
