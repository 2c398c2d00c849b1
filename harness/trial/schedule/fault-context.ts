/** Gives faults access to the trial's cluster, observer and client processes. */
import { setTimeout as delay } from 'node:timers/promises'
import type { FaultClient, FaultContext, LinkProbe } from '../../../faults/fault.ts'
import { LossproofError } from '../../../model/errors.ts'
import { abilityOf } from '../../../systems/shared/live-system.ts'
import type { TrialContext } from '../context.ts'
import { waitForRecovery } from '../finish/recovery.ts'
import { probe } from './probe.ts'

const settleMs = 50
const settleLooks = 60
const logTailChars = 20_000
const logTailLines = 2000

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
    lastLog: async node => (await nodes.logs(node.id, 0, logTailLines)).slice(-logTailChars),
    part: async (pairs, direction) =>
      network.dropBetween(
        pairs.map(([one, other]) => [one.id, other.id] as const),
        direction,
      ),
    isolate: async targets => network.isolate(targets.map(node => node.id)),
    losePower: async targets =>
      disks.losePower(
        targets.map(node => node.id),
        async (helper, mounts) => extracts?.frozen(helper, mounts),
      ),
    onDisk: async (node, script) => {
      await extracts?.readingDone(node.id)
      return disks.on(node.id, script)
    },
    dataFiles: async node => {
      const { running, paused } = await nodes.state(node.id)
      if (!running || paused) return { onDisk: 0, elsewhere: [], notAsked: true }
      const { onDisk, elsewhere } = await disks.openFiles(node.id)
      return {
        onDisk: onDisk.filter(path => system.data.isMessageFile(path)).length,
        elsewhere: elsewhere.filter(path => system.data.isMessageFile(path)),
      }
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
    transferLeadership: async (partitions, to) => abilityOf(context, 'transferLeadership')(partitions, to),
    activeController: async () => abilityOf(context, 'activeController')(),
    probe: async (link, limitMs) => probe(link, limitMs, system.probes.answered),
    probeClose: async (link, limitMs) => probe(link, limitMs, system.probes.nonsense),
    probeLinks: async (node, limitMs) => {
      const isHidden = network.isIsolated(node.id)
      const probes = cluster.linksOf(node.id).map(async (link): Promise<[string, LinkProbe]> => {
        if (isHidden) return [link.name, { outcome: 'not tried', why: 'the packets of the node are dropped' }]
        const toxics = await link.toxics()
        if (toxics.length > 0) return [link.name, { outcome: 'not tried', why: `toxics: ${toxics.join(', ')}` }]
        if (!(await link.enabled())) return [link.name, { outcome: 'not tried', why: 'the link is switched off' }]
        return [link.name, await probe(link, limitMs, system.probes.answered)]
      })
      return Object.fromEntries(await Promise.all(probes))
    },
    ...clientFaults(context),
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

type ClientFaults = Pick<
  FaultContext,
  'sent' | 'endClient' | 'freezeClient' | 'wakeClient' | 'clientState' | 'startClient'
>

/** Faults of the trial's own client processes. */
function clientFaults(context: TrialContext): ClientFaults {
  const fleetOf = ({ name }: FaultClient) => {
    const { fleet } = context.producers
    const found = fleet.names.includes(name) ? fleet : context.consumers?.fleet
    if (!found) throw new LossproofError('internal', `unknown client process ${name}`)
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
      context.producers.resumeUnlessPaused()
    },
    clientState: async client => fleetOf(client).state(client),
    startClient: async client => {
      await context.consumers?.lookBeforeStart()
      if (await fleetOf(client).restart(client)) context.producers.resumeUnlessPaused()
    },
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
