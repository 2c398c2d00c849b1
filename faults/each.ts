/** The same for several nodes at once, results by node name. The first failure is thrown when all have ended. */
import type { FaultNode } from './fault.ts'

export async function each<N extends Pick<FaultNode, 'name'>, T>(
  nodes: readonly N[],
  work: (node: N) => Promise<T>,
): Promise<Map<string, T>> {
  const results = await Promise.allSettled(nodes.map(async node => [node.name, await work(node)] as const))
  return new Map(
    results.map(result => {
      if (result.status === 'rejected') throw result.reason
      return result.value
    }),
  )
}
