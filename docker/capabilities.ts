/** What this machine can do, found out by doing it. */
import { randomBytes } from 'node:crypto'
import { messageOf } from '../harness/errors.ts'
import { ofRun, removeLabelled } from './cleanup.ts'
import { createDisks } from './disks.ts'
import type { Engine } from './engine.ts'
import { tryExecIn } from './exec.ts'
import { labelsOf } from './labels.ts'

export interface CapabilityFound {
  ok: boolean
  seen: string
}

/** Makes a disk, and removes it again: about half a second. */
export async function probeLoopDevices(engine: Engine, helperImage: string): Promise<CapabilityFound> {
  const run = `probe-${randomBytes(4).toString('hex')}`
  try {
    await createDisks(engine.docker, { helperImage, name: `lossproof-${run}`, labels: labelsOf(run), nodes: ['probe'] })
    return { ok: true, seen: 'a loop-backed ext4 disk was made' }
  } catch (error) {
    return { ok: false, seen: messageOf(error) }
  } finally {
    await removeLabelled(engine.docker, ofRun(run))
  }
}

/** Freezes a container and wakes it again. */
export async function probeFreezer(engine: Engine, helperImage: string): Promise<CapabilityFound> {
  const container = await engine.docker.createContainer({ Image: helperImage, Entrypoint: ['sleep'], Cmd: ['60'], Labels: labelsOf('probe'), HostConfig: { NetworkMode: 'none' } })
  try {
    await container.start()
    await container.pause()
    const { State: state } = await container.inspect()
    await container.unpause()
    return { ok: state.Paused, seen: state.Paused ? 'a container was frozen' : 'a paused container went on' }
  } catch (error) {
    return { ok: false, seen: messageOf(error) }
  } finally {
    await container.remove({ force: true })
  }
}

/** Adds a rule in a container's own network namespace and reads it back. */
export async function probeIptables(engine: Engine, helperImage: string): Promise<CapabilityFound> {
  const container = await engine.docker.createContainer({
    Image: helperImage, Entrypoint: ['sleep'], Cmd: ['60'], Labels: labelsOf('probe'),
    HostConfig: { NetworkMode: 'none', CapDrop: ['ALL'], CapAdd: ['NET_ADMIN', 'NET_RAW'] },
  })
  try {
    await container.start()
    const { code, stdout, stderr } = await tryExecIn(container, ['sh', '-c', 'iptables -A INPUT -s 192.0.2.1 -j DROP && iptables -S INPUT'])
    const ok = code === 0 && stdout.includes('192.0.2.1')
    return { ok, seen: ok ? 'a rule was set in a network namespace' : stderr.trim() || stdout.trim() }
  } catch (error) {
    return { ok: false, seen: messageOf(error) }
  } finally {
    await container.remove({ force: true })
  }
}
