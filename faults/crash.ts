import { each } from './each.ts'
import { nodeRoles } from './fault.ts'
import type { Fault, LinkProbe } from './fault.ts'

const probeLimitMs = 1500

/** The proxy accepts a connection before it tries the node, and closes it when the node refuses. */
const refused = ({ outcome }: LinkProbe): boolean => ['refused', 'closed', 'not tried'].includes(outcome)

/** SIGKILL: the process is gone at once; what it had written stays in the page cache and on disk. */
export const crash: Fault = {
  id: 'crash',
  title: 'Kill nodes (SIGKILL)',
  models: 'A process that dies without a word: out-of-memory killer, segmentation fault, kill -9.',
  cannotModel:
    'Loss of power: the page cache outlives the process, and the living host closes connections and refuses new ones at once.',
  needs: ['docker'],
  targets: nodeRoles,
  params: {},
  async inject(context, { nodes }) {
    const ended = await each(nodes, async node => context.end(node, 'SIGKILL'))
    return {
      async evidence() {
        const states = await each(nodes, async node => context.state(node))
        const links = await each(nodes, async node => context.probeLinks(node, probeLimitMs))
        const seen = nodes.map(({ name }) => {
          const { exitCode, engineEvent = 'none seen', wasDown = false } = ended.get(name) ?? {}
          return [name, { exitCode, engineEvent, wasDown, running: states.get(name)?.running, links: links.get(name) }]
        })
        const complete = nodes.every(({ name }) => {
          const isDead = ended.get(name)?.exitCode === 137 && states.get(name)?.running === false
          return isDead && Object.values(links.get(name) ?? {}).every(refused)
        })
        return { complete, seen: Object.fromEntries(seen) }
      },
      heal: async () => void (await each(nodes, async node => context.start(node))),
    }
  },
}
