import { byName, forEach, seenByName } from '../contract/by-name.ts'
import type { Fault } from '../contract/fault.ts'
import type { LinkProbe } from '../contract/link.ts'
import { endSeen } from '../contract/node.ts'
import { nodeRoles } from '../contract/roles.ts'

/** A refusal takes milliseconds; a node that is silent stays so for much longer than this. */
const probeLimitMs = 5000
/** Toxiproxy accepts a connection before it tries the node, and closes it when the node's host refuses. */
const isRefused = ({ outcome }: LinkProbe) => ['refused', 'closed', 'not tried'].includes(outcome)

/** Exit code of a process that SIGKILL ended. */
export const killed = 137

/** SIGKILL: the process is gone at once. What it had written stays in the page cache and on disk. */
export const crash: Fault = {
  id: 'crash',
  kind: 'process',
  effects: ['ends-node'],
  weaker: ['stop', 'pause'],
  title: 'Kill nodes (SIGKILL)',
  models: 'A process that dies without a shutdown: out-of-memory killer, segmentation fault, kill -9.',
  cannotModel:
    'Loss of power: the page cache outlives the process, so everything it has written survives. The host lives on: it ' +
    'closes connections and refuses new ones at once.',
  needs: ['docker'],
  targets: nodeRoles,
  params: {},
  async inject(context, { nodes }) {
    const ended = await byName(nodes, async node => context.end(node, 'SIGKILL'))
    return {
      async evidence() {
        const states = await byName(nodes, async node => context.state(node))
        const links = await byName(nodes, async node => context.probeLinks(node, probeLimitMs))
        const seen = seenByName(nodes, name => ({
          ...endSeen(ended.get(name)),
          running: states.get(name)?.running,
          links: links.get(name) ?? {},
        }))
        const complete = Object.values(seen).every(
          node =>
            (node.exitCode === killed || node.wasDown) &&
            node.running === false &&
            Object.values(node.links).every(isRefused),
        )
        return { complete: nodes.length > 0 && complete, seen }
      },
      heal: async () => forEach(nodes, async node => context.start(node)),
    }
  },
}
