import { each } from './each.ts'
import { nodeRoles } from './fault.ts'
import type { Fault } from './fault.ts'

/** Frozen by the engine's freezer: no thread runs, sockets stay open, and it wakes as if nothing had happened. */
export const pause: Fault = {
  id: 'pause',
  title: 'Freeze nodes',
  models:
    'A long garbage collection, a suspended virtual machine, a host without CPU time: gone for all others, unaware itself.',
  cannotModel: 'A process that is merely slow.',
  needs: ['docker', 'freezer'],
  targets: nodeRoles,
  params: {},
  async inject(context, { nodes }) {
    await each(nodes, async node => context.pause(node))
    return {
      async evidence() {
        const states = await each(nodes, async node => context.state(node))
        const seen = Object.fromEntries([...states].map(([name, { paused, running }]) => [name, { paused, running }]))
        return { complete: [...states.values()].every(state => state.paused), seen }
      },
      heal: async () => void (await each(nodes, async node => context.unpause(node))),
    }
  },
}
