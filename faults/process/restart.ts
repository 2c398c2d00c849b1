import { byName } from '../contract/by-name.ts'
import type { Fault } from '../contract/fault.ts'
import { nodeRoles } from '../contract/roles.ts'
import { restartEvidence, restartNode } from './restarted.ts'

export const restart: Fault = {
  id: 'restart',
  kind: 'process',
  effects: ['restarts-node', 'gentle'],
  title: 'Restart nodes gracefully',
  models: 'A restart for a new configuration.',
  cannotModel: 'A new version: the same image starts again.',
  needs: ['docker'],
  targets: nodeRoles,
  params: {},
  underLoad: true,
  async inject(context, { nodes }) {
    const before = await byName(nodes, async node => context.state(node))
    const exitCodes = await byName(nodes, async node => restartNode(context, node))
    return { evidence: async () => restartEvidence(context, nodes, before, exitCodes), heal: async () => {} }
  },
}
