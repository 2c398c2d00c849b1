import { each } from './each.ts'
import { nodeRoles } from './fault.ts'
import type { Fault } from './fault.ts'

/** SIGKILL: the process is gone at once; what it had written stays in the page cache and on disk. */
export const crash: Fault = {
  id: 'crash',
  title: 'Kill nodes (SIGKILL)',
  models: 'A process that dies without a word: out-of-memory killer, segmentation fault, kill -9.',
  cannotModel: 'Loss of power: the page cache outlives the process, so whatever was written survives.',
  needs: ['docker'],
  targets: nodeRoles,
  params: {},
  async inject(context, { nodes }) {
    const ended = await each(nodes, async node => context.end(node, 'SIGKILL'))
    return {
      async evidence() {
        const states = await each(nodes, async node => context.state(node))
        const complete = nodes.every(
          node => ended.get(node.name)?.exitCode === 137 && states.get(node.name)?.running === false,
        )
        return {
          complete,
          seen: Object.fromEntries(
            nodes.map(({ name }) => {
              const end = ended.get(name)
              return [
                name,
                {
                  exitCode: end?.exitCode,
                  engineEvent: end?.engineEvent ?? 'none seen',
                  running: states.get(name)?.running,
                },
              ]
            }),
          ),
        }
      },
      heal: async () => void (await each(nodes, async node => context.start(node))),
    }
  },
}
