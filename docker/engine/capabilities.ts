/** Finds out what this machine can do, by trying it. */
import { randomBytes } from 'node:crypto'
import type { Capability } from '../../faults/fault.ts'
import { messageOf } from '../../model/errors.ts'
import { ofRun, removeLabelled } from '../cleanup/cleanup.ts'
import { createDisks } from '../disks/disks.ts'
import type { Engine } from './engine.ts'
import { execIn, tryExecIn } from './exec.ts'
import { withHelper } from '../nodes/helper.ts'
import { labelsOf } from './labels.ts'
import { throttleScript } from '../disks/node-disks.ts'

export interface CapabilityFound {
  ok: boolean
  seen: string
}

type Probe = (engine: Engine, image: string, run: string) => Promise<CapabilityFound>

/**
 * One trial for each capability, with the helper image; each takes about half a second. A capability without one is
 * always there.
 */
const probes: Partial<Record<Capability, Probe>> = {
  'loop-devices': async (engine, helperImage, run) => {
    await createDisks(engine.docker, { helperImage, name: `lossproof-${run}`, labels: labelsOf(run), nodes: ['probe'] })
    return { ok: true, seen: 'an ext4 disk behind a loop device was created' }
  },
  freezer: async (engine, image, run) =>
    withHelper(engine.docker, { image, labels: labelsOf(run), capabilities: [] }, async container => {
      await container.pause()
      const { State: state } = await container.inspect()
      await container.unpause()
      return { ok: state.Paused, seen: state.Paused ? 'a container was frozen' : 'a paused container kept running' }
    }),
  iptables: async (engine, image, run) =>
    withHelper(
      engine.docker,
      { image, labels: labelsOf(run), capabilities: ['NET_ADMIN', 'NET_RAW'] },
      async container => {
        const { code, stdout, stderr } = await tryExecIn(container, [
          'sh',
          '-c',
          'iptables -A INPUT -s 192.0.2.1 -j DROP && iptables -S INPUT',
        ])
        const ok = code === 0 && stdout.includes('192.0.2.1')
        return { ok, seen: ok ? 'a rule was set in a network namespace' : stderr.trim() || stdout.trim() }
      },
    ),
  'cgroup-writes': async (engine, image, run) => probeThrottle(engine, image, run),
}

export const probed = Object.keys(probes).filter((name): name is Capability => name in probes)

/** Tries `capability` and removes everything that the trial created. */
export async function probe(engine: Engine, helperImage: string, capability: Capability): Promise<CapabilityFound> {
  const run = `probe-${randomBytes(4).toString('hex')}`
  try {
    return (await probes[capability]?.(engine, helperImage, run)) ?? { ok: true, seen: 'always available' }
  } catch (error) {
    return { ok: false, seen: messageOf(error) }
  } finally {
    await removeLabelled(engine.docker, ofRun(run))
  }
}

const syncs = 4
const writesPerSec = 5
const leastMs = ((syncs - 2) * 1000) / writesPerSec

/** Limits a container's writes to its disk, then measures how long its synced writes take. */
async function probeThrottle(engine: Engine, image: string, run: string): Promise<CapabilityFound> {
  const labels = labelsOf(run)
  const disks = await createDisks(engine.docker, {
    helperImage: image,
    name: `lossproof-${run}`,
    labels,
    nodes: ['probe'],
  })
  return withHelper(
    engine.docker,
    { image, labels, capabilities: [], binds: [`${disks.volumeOf('probe')}:/disk`] },
    async container => {
      await withHelper(
        engine.docker,
        { image, labels, capabilities: [], binds: ['/sys/fs/cgroup:/cgroup:rw'] },
        async helper =>
          execIn(helper, ['sh', '-c', throttleScript(container.id, disks.deviceOf('probe'), writesPerSec)]),
      )
      const started = performance.now()
      await execIn(container, [
        'sh',
        '-c',
        `for i in $(seq ${syncs}); do dd if=/dev/zero of=/disk/a bs=4k count=1 conv=fsync,notrunc 2>/dev/null; done`,
      ])
      const tookMs = Math.round(performance.now() - started)
      return { ok: tookMs >= leastMs, seen: `${syncs} synced writes at ${writesPerSec} a second took ${tookMs} ms` }
    },
  )
}
