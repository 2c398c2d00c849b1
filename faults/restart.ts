import { each } from './each.ts'
import { nodeRoles } from './fault.ts'
import type { Fault, FaultContext, FaultNode } from './fault.ts'
import { terminated } from './stop.ts'

/** A graceful stop and a start straight after it. */
export const restart: Fault = {
  id: 'restart',
  title: 'Restart nodes gracefully',
  models: 'A restart for a new configuration.',
  cannotModel: 'A new version: the same image starts again.',
  needs: ['docker'],
  targets: nodeRoles,
  params: {},
  underLoad: true,
  async inject(context, { nodes }) {
    const before = await each(nodes, async node => context.state(node))
    const ended = await each(nodes, async node => bounce(context, node))
    return { evidence: async () => bounced(context, nodes, before, ended), heal: async () => {} }
  },
}

/** One node after the other, each back in step before the next goes. */
export const rollingRestart: Fault = {
  id: 'rolling-restart',
  title: 'Restart nodes gracefully one after the other, each back in step before the next',
  models: 'A rolling upgrade as operators do it.',
  cannotModel: 'An impatient one that does not wait for replicas: use `restart` with target `all`.',
  needs: ['docker'],
  targets: ['all', 'majority', 'minority', 'other-than(leader)', 'master', 'slave', 'name-server'],
  params: {},
  underLoad: true,
  async inject(context, { nodes }) {
    const before = await each(nodes, async node => context.state(node))
    const ended = new Map<string, number>()
    for (const node of nodes) {
      ended.set(node.name, await bounce(context, node))
      await context.recovered()
    }
    return { evidence: async () => bounced(context, nodes, before, ended), heal: async () => {} }
  },
}

async function bounce(context: FaultContext, node: FaultNode): Promise<number> {
  const { exitCode } = await context.end(node, 'SIGTERM')
  await context.start(node)
  return exitCode
}

async function bounced(
  context: FaultContext,
  nodes: FaultNode[],
  before: Map<string, { startedAt: string }>,
  ended: Map<string, number>,
) {
  const now = await each(nodes, async node => context.state(node))
  const seen = Object.fromEntries(
    nodes.map(({ name }) => {
      const state = now.get(name)
      return [
        name,
        {
          exitCode: ended.get(name),
          startedAgain: state?.running === true && state.startedAt !== before.get(name)?.startedAt,
        },
      ]
    }),
  )
  return { complete: Object.values(seen).every(node => node.exitCode === terminated && node.startedAgain), seen }
}
