import { byName } from '../contract/by-name.ts'
import type { FaultContext } from '../contract/context.ts'
import type { Injected } from '../contract/fault.ts'
import type { Dropping, FaultNode } from '../contract/node.ts'

/** Heartbeats and fetches come several times a second. */
const looks = 5

/** A fault that drops packets of nodes. The counters of the rules are the proof: they grew, so packets were dropped. */
export function packetsDropped(context: FaultContext, nodes: readonly FaultNode[], dropping: Dropping): Injected {
  return {
    async evidence() {
      const packets = await byName(nodes, async node =>
        context.settled(
          async () => (await dropping.seen(node)).packets,
          now => now > 0,
          looks,
        ),
      )
      return {
        complete: nodes.length > 0 && [...packets.values()].every(count => count > 0),
        seen: { droppedPackets: Object.fromEntries(packets) },
      }
    },
    heal: async () => dropping.undo(),
  }
}
