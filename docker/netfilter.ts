/** iptables rules of a node's network namespace, as data, and what their counters say. Pure. */

export interface PeerPorts {
  /** Where the node takes replication fetches, and where its own fetches go: both by way of the proxy, whose address clients share. */
  replicationIn: number
  replicationOut: string
}

/** Drops everything between the node and `peers` (addresses), in the given directions of the node's packets. */
export function peerRules(peers: readonly string[], ports: PeerPorts, direction: 'both' | 'in' | 'out'): string[][] {
  const drop = ['-j', 'DROP']
  const incoming = [
    ...peers.map(peer => ['-A', 'INPUT', '-s', peer, ...drop]),
    ['-A', 'INPUT', '-p', 'tcp', '--dport', String(ports.replicationIn), ...drop],
    ['-A', 'INPUT', '-p', 'tcp', '--sport', ports.replicationOut, ...drop],
  ]
  const outgoing = [
    ...peers.map(peer => ['-A', 'OUTPUT', '-d', peer, ...drop]),
    ['-A', 'OUTPUT', '-p', 'tcp', '--sport', String(ports.replicationIn), ...drop],
    ['-A', 'OUTPUT', '-p', 'tcp', '--dport', ports.replicationOut, ...drop],
  ]
  return [...(direction === 'out' ? [] : incoming), ...(direction === 'in' ? [] : outgoing)]
}

/** Drops everything but the node's talk with itself. */
export const isolationRules: string[][] = [
  ['-A', 'INPUT', '!', '-i', 'lo', '-j', 'DROP'],
  ['-A', 'OUTPUT', '!', '-o', 'lo', '-j', 'DROP'],
]

/** Packets that DROP rules have taken, from `iptables -nvxL`. */
export function countDropped(listing: string): number {
  const counts = listing.split('\n').flatMap(line => /^\s*(\d+)\s+\d+\s+DROP\s/.exec(line)?.[1] ?? [])
  return counts.reduce((sum, count) => sum + Number(count), 0)
}
