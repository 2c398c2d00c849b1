import { each } from './each.ts'
import { nodeRoles } from './fault.ts'
import type { Fault } from './fault.ts'

/** What a JVM ends with when SIGTERM ran its shutdown hooks. */
export const terminated = 143
export const shutdownRan = /shut down completed|Shutting down|shutdown hook was invoked/i

/** SIGTERM to the process itself: a controlled shutdown that hands leadership over before it ends. */
export const stop: Fault = {
  id: 'stop',
  title: 'Stop nodes gracefully (SIGTERM)',
  models: 'A planned shutdown: leadership moves away first, logs are flushed and closed.',
  cannotModel: 'A crash: use `crash`.',
  needs: ['docker'],
  targets: nodeRoles,
  params: {},
  async inject(context, { nodes }) {
    const ended = await each(nodes, async node => context.end(node, 'SIGTERM'))
    const logs = await each(nodes, async node => context.lastLog(node))
    return {
      async evidence() {
        const seen = Object.fromEntries(
          nodes.map(({ name }) => [
            name,
            {
              exitCode: ended.get(name)?.exitCode,
              wasDown: ended.get(name)?.wasDown ?? false,
              shutdownRan: shutdownRan.test(logs.get(name) ?? ''),
              engineEvent: ended.get(name)?.engineEvent ?? 'none seen',
            },
          ]),
        )
        const stopped = Object.values(seen).filter(node => !node.wasDown)
        const complete = stopped.length > 0 && stopped.every(node => node.exitCode === terminated && node.shutdownRan)
        return { complete, seen }
      },
      heal: async () => void (await each(nodes, async node => context.start(node))),
    }
  },
}
