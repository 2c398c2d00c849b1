import { byName, forEach, seenByName } from '../contract/by-name.ts'
import type { Fault } from '../contract/fault.ts'
import { endSeen, reachesMessages } from '../contract/node.ts'
import { brokerRoles } from '../contract/roles.ts'
import { killed } from '../process/crash.ts'

/** Deletes all files below /disk/`folder` except `kept`, and prints what is left. A kept name with a slash is a folder. */
export const wipe = (folder: string, kept: readonly string[]) => {
  const exceptKept = kept.map(name => `! -path '/disk/${folder}/${name.endsWith('/') ? `${name}*` : name}'`).join(' ')
  return [
    `find /disk/${folder} -type f ${exceptKept} -delete`,
    `find /disk/${folder} -mindepth 1 -type d -empty -delete`,
    'sync -f /disk',
    `find /disk/${folder} -type f | sort`,
  ].join('; ')
}

export const wipeDisk: Fault = {
  id: 'wipe-disk',
  kind: 'disk',
  effects: ['ends-node', 'loses-data'],
  weaker: ['power-loss', 'crash'],
  title: 'Kill nodes and empty their data disks',
  models: 'A disk that was replaced by an empty one, formatted for the same node.',
  cannotModel:
    'A new disk without the files that an operator restores on it: identity, topics and groups are kept. (Some systems ' +
    'wait for the disk that they know.) Metadata on another disk is kept as well.',
  needs: ['docker', 'loop-devices'],
  targets: brokerRoles,
  params: {},
  async inject(context, { nodes }) {
    const files = await byName(nodes, async node => context.dataFiles(node))
    const ended = await byName(nodes, async node => context.end(node, 'SIGKILL'))
    const { folder, kept } = context.data
    const printed = await byName(nodes, async node => context.onDisk(node, wipe(folder, kept)))
    const isKept = (file: string, name: string) => (name.endsWith('/') ? file.startsWith(name) : file === name)
    const mayStay = (file: string) => file === '' || kept.some(name => isKept(file, `/disk/${folder}/${name}`))
    return {
      async evidence() {
        const seen = seenByName(nodes, name => ({
          ...endSeen(ended.get(name)),
          left: (printed.get(name) ?? 'unknown').trim().split('\n'),
          dataFiles: files.get(name),
        }))
        const complete = Object.values(seen).every(
          node => (node.exitCode === killed || node.wasDown) && node.left.every(mayStay),
        )
        return { complete: nodes.length > 0 && complete && [...files.values()].every(reachesMessages), seen }
      },
      heal: async () => forEach(nodes, async node => context.start(node)),
    }
  },
}
