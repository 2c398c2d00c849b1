import { byName, forEach } from '../contract/by-name.ts'
import type { Fault } from '../contract/fault.ts'
import { nodeRoles } from '../contract/roles.ts'

/** Exit code of a process that SIGKILL ended. */
export const killed = 137

/** SIGKILL: the process is gone at once. What it had written stays in the page cache and on disk. */
export const crash: Fault = {
  id: 'crash',
  kind: 'process',
  title: 'Kill nodes (SIGKILL)',
  models: 'A process that dies without a shutdown: out-of-memory killer, segmentation fault, kill -9.',
  cannotModel: 'Loss of power: the page cache outlives the process, so everything it has written survives.',
  needs: ['docker'],
  targets: nodeRoles,
  params: {},
  async inject(context, { nodes }) {
    const ended = await byName(nodes, async node => context.end(node, 'SIGKILL'))
    return {
      async evidence() {
        const states = await byName(nodes, async node => context.state(node))
        const seen = Object.fromEntries(
          nodes.map(({ name }) => [
            name,
            {
              exitCode: ended.get(name)?.exitCode,
              engineEvent: ended.get(name)?.engineEvent ?? 'none seen',
              running: states.get(name)?.running,
            },
          ]),
        )
        const complete = Object.values(seen).every(node => node.exitCode === killed && node.running === false)
        return { complete: nodes.length > 0 && complete, seen }
      },
      heal: async () => forEach(nodes, async node => context.start(node)),
    }
  },
}
