import { each } from './each.ts'
import { brokerRoles } from './fault.ts'
import type { Fault } from './fault.ts'

/** Everything but what says who the node is: with a new identity Kafka waits for the old disk for ever. */
const wipe = "find /disk/log -mindepth 1 ! -name meta.properties ! -name bootstrap.checkpoint -delete; sync -f /disk; find /disk/log -mindepth 1 | sort"
const kept = /^(\/disk\/log\/(meta\.properties|bootstrap\.checkpoint)\s*)*$/

export const wipeDisk: Fault = {
  id: 'wipe-disk',
  title: 'Kill nodes and empty their data disks',
  models: 'A disk that was replaced by an empty one, formatted for the same node.',
  cannotModel: 'A new directory id: Kafka then waits for the old directory, the partition is offline and not empty. The metadata log, on another disk, stays.',
  needs: ['docker', 'loop-devices'],
  targets: brokerRoles,
  params: {},
  async inject(context, { nodes }) {
    const ended = await each(nodes, async node => context.end(node, 'SIGKILL'))
    const left = await each(nodes, async node => context.onDisk(node, wipe))
    return {
      async evidence() {
        const seen = Object.fromEntries(nodes.map(({ name }) => [name, { exitCode: ended.get(name)?.exitCode, left: (left.get(name) ?? 'unknown').trim().split('\n') }]))
        const complete = nodes.every(({ name }) => ended.get(name)?.exitCode === 137 && kept.test(left.get(name) ?? 'unknown'))
        return { complete, seen }
      },
      heal: async () => void (await each(nodes, async node => context.start(node))),
    }
  },
}
