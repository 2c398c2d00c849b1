/** Where the brokers of a compose project store messages, as far as they do in volumes that a fault may empty. */
import { posix } from 'node:path'
import type { ProjectContainer } from '../../../docker/projects/project.ts'
import { LossproofError } from '../../../model/errors.ts'
import { RawBroker } from '../../../workloads/clients/platformatic/raw.ts'
import type { FoundCluster } from './nodes.ts'

const answerLimitMs = 5000

export interface BrokerVolume {
  volume: string
  /** Where the broker's container mounts it. */
  at: string
  /** The folder of messages in it; `.` is the whole volume. */
  folder: string
}

/**
 * `logDirs`: the broker's setting `log.dirs`. `allowed`: names from the scenario. Throws LossproofError('capability-missing')
 * when the broker stores messages elsewhere, or in several folders.
 */
export function volumeOf(
  { name, service, volumes }: Pick<ProjectContainer, 'name' | 'service' | 'volumes'>,
  project: string,
  logDirs: string,
  allowed: readonly string[],
): BrokerVolume {
  const [dir = '', ...others] = logDirs.split(',').map(path => posix.normalize(path.trim()))
  const refuse = (why: string, hint: string) =>
    new LossproofError('capability-missing', `the service "${service}" (${name}) ${why}`, { hint })
  if (others.length > 0)
    throw refuse(
      `stores messages in ${others.length + 1} folders`,
      'wipe-disk needs a broker with one folder in log.dirs',
    )
  const isBelow = (at: string) => dir === at || dir.startsWith(at.endsWith('/') ? at : `${at}/`)
  // The innermost mount is the one that holds the folder.
  const [mount] = volumes.filter(({ at }) => isBelow(at)).toSorted((a, b) => b.at.length - a.at.length)
  if (mount === undefined)
    throw refuse(`stores messages in ${dir}, which is in no volume`, 'mount a volume there, or leave wipe-disk out')
  if (!allowed.some(known => mount.name === known || mount.name === `${project}_${known}`))
    throw refuse(
      `stores messages in the volume ${mount.name}, which cluster.volumes does not name`,
      `cluster.volumes has ${allowed.join(', ')}`,
    )
  return { volume: mount.name, at: mount.at, folder: posix.relative(mount.at, dir) || '.' }
}

/** By broker, as the brokers tell where they store messages; empty when no volume is `allowed`. Throws as `volumeOf`. */
export async function brokerVolumes(
  { brokers, project }: FoundCluster,
  allowed: readonly string[],
): Promise<Map<number, BrokerVolume>> {
  if (allowed.length === 0 || project === undefined) return new Map()
  const found = brokers.map(async ({ id, address }) => {
    const container = project.containers.get(id)
    if (container === undefined) throw new LossproofError('internal', `broker ${id} has no container`)
    const dirs = await logDirsOf(id, address)
    return [id, volumeOf(container, project.name, dirs, allowed)] as const
  })
  return new Map(await Promise.all(found))
}

async function logDirsOf(id: number, address: string): Promise<string> {
  const broker = new RawBroker(address, answerLimitMs)
  try {
    const settings = ['log.dirs', 'log.dir']
    const [found] = await broker.describeConfigs([{ type: 'broker', name: String(id), settings }])
    return found?.get('log.dirs') || found?.get('log.dir') || ''
  } finally {
    await broker.close()
  }
}

/** The folder that all brokers have in common. Throws LossproofError('capability-missing') when they differ. */
export function commonFolder(found: readonly BrokerVolume[]): string {
  const [first = '.', ...others] = new Set(found.map(({ folder }) => folder))
  if (others.length > 0)
    throw new LossproofError(
      'capability-missing',
      `the brokers store messages in different folders of their volumes: ${[first, ...others].join(', ')}`,
    )
  return first
}
