/** iptables rules for the network namespaces of nodes, as data, and the counters of such rules. Pure. */

/** A node as seen in packets. */
export interface Endpoint {
  id: number
  address: string
  /**
   * The proxy's port for replication from this node. Replication passes the proxy, and so do clients: only this port
   * tells them apart.
   */
  replicationProxyPort?: number
}

export type Direction = 'both' | 'in' | 'out'

/** Rules by node id, each an argument list of iptables after `-A`. */
export type NodeRules = Map<number, string[][]>

const drop = ['-j', 'DROP']

/**
 * Rules that drop all packets between the two nodes of each pair, or only those towards (`in`) or from (`out`) the
 * first. Replication through the proxy is dropped in the namespace of the node that fetches, where the port identifies
 * the other node.
 */
export function dropRulesBetween(pairs: readonly (readonly [Endpoint, Endpoint])[], direction: Direction): NodeRules {
  const rules: NodeRules = new Map()
  const add = (id: number, ...added: string[][]) => {
    const known = rules.get(id) ?? []
    const fresh = added.filter(rule => !known.some(other => other.join(' ') === rule.join(' ')))
    rules.set(id, [...known, ...fresh])
  }
  for (const [target, other] of pairs) {
    if (direction !== 'out') {
      add(target.id, ['INPUT', '-s', other.address, ...drop], ...proxied('INPUT', '--sport', other))
      add(other.id, ...proxied('OUTPUT', '--dport', target))
    }
    if (direction !== 'in') {
      add(target.id, ['OUTPUT', '-d', other.address, ...drop], ...proxied('OUTPUT', '--dport', other))
      add(other.id, ...proxied('INPUT', '--sport', target))
    }
  }
  return rules
}

function proxied(chain: string, side: string, { replicationProxyPort: port }: Endpoint): string[][] {
  return port === undefined ? [] : [[chain, '-p', 'tcp', side, String(port), ...drop]]
}

/** Rules that drop everything except packets of the node to itself. */
export const isolationRules: string[][] = [
  ['INPUT', '!', '-i', 'lo', ...drop],
  ['OUTPUT', '!', '-o', 'lo', ...drop],
]

/** The number of DROP rules and of packets that they dropped, from the output of `iptables -nvxL`. */
export function countDropped(listing: string): { rules: number; packets: number } {
  const counts = listing.split('\n').flatMap(line => /^\s*(\d+)\s+\d+\s+DROP\s/.exec(line)?.[1] ?? [])
  return { rules: counts.length, packets: counts.reduce((sum, count) => sum + Number(count), 0) }
}
