/** What `restart` and `rolling-restart` share: the restart of one node, and the proof that it happened. */
import { byName, seenByName } from '../contract/by-name.ts'
import type { FaultContext } from '../contract/context.ts'
import type { FaultEvidence } from '../contract/fault.ts'
import type { FaultNode, NodeState } from '../contract/node.ts'
import { terminated } from './stop.ts'

/** Stops the node gracefully and starts it again. Returns the exit code of the stopped process. */
export async function restartNode(context: FaultContext, node: FaultNode): Promise<number> {
  const { exitCode } = await context.end(node, 'SIGTERM')
  await context.start(node)
  return exitCode
}

/** Complete when every process ended by its own shutdown and a later one runs. */
export async function restartEvidence(
  context: FaultContext,
  nodes: readonly FaultNode[],
  before: ReadonlyMap<string, NodeState>,
  exitCodes: ReadonlyMap<string, number>,
): Promise<FaultEvidence> {
  const now = await byName(nodes, async node => context.state(node))
  const seen = seenByName(nodes, name => {
    const state = now.get(name)
    const startedAgain = state?.running === true && state.startedAt !== before.get(name)?.startedAt
    return { exitCode: exitCodes.get(name), startedAgain }
  })
  const complete = Object.values(seen).every(node => node.exitCode === terminated && node.startedAgain)
  return { complete: nodes.length > 0 && complete, seen }
}
