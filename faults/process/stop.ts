import { byName, forEach, seenByName } from '../contract/by-name.ts'
import type { Fault } from '../contract/fault.ts'
import { endSeen } from '../contract/node.ts'
import { nodeRoles } from '../contract/roles.ts'

/** Exit code of a JVM after SIGTERM ran its shutdown hooks. */
export const terminated = 143
const shutdownRan = /shut down completed|Shutting down|shutdown hook was invoked/i

/** SIGTERM to the process itself: a controlled shutdown that hands leadership over before the process ends. */
export const stop: Fault = {
  id: 'stop',
  kind: 'process',
  effects: ['ends-node', 'gentle'],
  weaker: ['restart'],
  title: 'Stop nodes gracefully (SIGTERM)',
  models: 'A planned shutdown: leadership moves away first, then logs are flushed and closed.',
  cannotModel: 'A crash: use `crash`.',
  needs: ['docker'],
  targets: nodeRoles,
  params: {},
  async inject(context, { nodes }) {
    const ended = await byName(nodes, async node => context.end(node, 'SIGTERM'))
    const logs = await byName(nodes, async node => context.lastLog(node))
    return {
      async evidence() {
        const seen = seenByName(nodes, name => ({
          ...endSeen(ended.get(name)),
          shutdownRan: shutdownRan.test(logs.get(name) ?? ''),
        }))
        const stopped = Object.values(seen).filter(node => !node.wasDown)
        const complete = stopped.every(node => node.exitCode === terminated && node.shutdownRan)
        return { complete: stopped.length > 0 && complete, seen }
      },
      heal: async () => forEach(nodes, async node => context.start(node)),
    }
  },
}
