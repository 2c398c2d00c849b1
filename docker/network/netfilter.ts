/** iptables rules of nodes' network namespaces, as data, and what their counters say. Pure. */

/** A node as packets know it. */
export interface PacketEnd {
  id: number
  address: string
  /** Where the proxy takes other nodes' replication fetches for it: that link passes the proxy, whose address clients share. */
  replicationProxyPort?: number
}

export type Direction = 'both' | 'in' | 'out'

/** Rules by node id, each an argument list of iptables after `-A`. */
export type NodeRules = Map<number, string[][]>

const drop = ['-j', 'DROP']

/**
 * Drops all packets between the two ends of each pair, or only those towards (`in`) or from (`out`) the first. What the
 * proxy carries is dropped in the namespace of the node that fetches, where the port names the other end.
 */
export function partingRules(pairs: readonly (readonly [PacketEnd, PacketEnd])[], direction: Direction): NodeRules {
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

function proxied(chain: string, side: string, { replicationProxyPort: port }: PacketEnd): string[][] {
  return port === undefined ? [] : [[chain, '-p', 'tcp', side, String(port), ...drop]]
}

/** Drops everything but the node's talk with itself. */
export const isolationRules: string[][] = [
  ['INPUT', '!', '-i', 'lo', ...drop],
  ['OUTPUT', '!', '-o', 'lo', ...drop],
]

/** DROP rules, and packets that they have taken, from `iptables -nvxL`. */
export function countDropped(listing: string): { rules: number; packets: number } {
  const counts = listing.split('\n').flatMap(line => /^\s*(\d+)\s+\d+\s+DROP\s/.exec(line)?.[1] ?? [])
  return { rules: counts.length, packets: counts.reduce((sum, count) => sum + Number(count), 0) }
}
