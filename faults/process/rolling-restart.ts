import { byName } from '../contract/by-name.ts'
import type { Fault } from '../contract/fault.ts'
import { restartEvidence, restartNode } from './restarted.ts'

export const rollingRestart: Fault = {
  id: 'rolling-restart',
  kind: 'process',
  effects: ['restarts-node', 'gentle'],
  weaker: ['restart'],
  title: 'Restart nodes gracefully one after the other, each back in sync before the next one stops',
  models: 'A rolling upgrade as operators do it.',
  cannotModel: 'An upgrade that does not wait for replicas: use `restart` with target `all`.',
  needs: ['docker'],
  targets: ['all', 'majority', 'minority', 'other-than(leader)', 'master', 'slave', 'name-server'],
  params: {},
  underLoad: true,
  async inject(context, { nodes }) {
    const before = await byName(nodes, async node => context.state(node))
    const exitCodes = new Map<string, number>()
    for (const node of nodes) {
      exitCodes.set(node.name, await restartNode(context, node))
      await context.recovered()
    }
    return { evidence: async () => restartEvidence(context, nodes, before, exitCodes), heal: async () => {} }
  },
}
