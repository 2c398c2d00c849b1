import { byName, forEach } from '../contract/by-name.ts'
import type { Fault } from '../contract/fault.ts'
import { nodeRoles } from '../contract/roles.ts'

/** The engine's freezer stops every thread. Sockets stay open, and after the thaw the process does not know that it slept. */
export const pause: Fault = {
  id: 'pause',
  kind: 'process',
  effects: ['silences-node'],
  weaker: ['restart'],
  title: 'Freeze nodes',
  models:
    'A long garbage collection, a suspended virtual machine, a host without CPU time. To the other nodes the node is ' +
    'gone; the node itself does not notice.',
  cannotModel: 'A process that is merely slow.',
  needs: ['docker', 'freezer'],
  targets: nodeRoles,
  params: {},
  async inject(context, { nodes }) {
    await forEach(nodes, async node => context.pause(node))
    return {
      async evidence() {
        const states = await byName(nodes, async node => context.state(node))
        const seen = Object.fromEntries([...states].map(([name, { paused, running }]) => [name, { paused, running }]))
        return { complete: nodes.length > 0 && [...states.values()].every(state => state.paused), seen }
      },
      heal: async () => forEach(nodes, async node => context.unpause(node)),
    }
  },
}
