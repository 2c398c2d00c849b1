import type { ClientState, FaultClient } from './client.ts'
import type { ClientLink, Link, LinkProbe, Probe, Stream } from './link.ts'
import type { DataFiles, Dropping, Ended, FaultNode, NodeState, PowerLoss } from './node.ts'
import type { Leadership, ReplicaEnds } from './partition.ts'

/** Everything that a fault can do and see. Every wait inside has a limit. */
export interface FaultContext extends NodeActions, NetworkActions, DiskActions, ClientActions, ClusterView {
  /**
   * Calls `look` until `done` accepts its result (with the result before it), at most `looks` times (default 60). Resolves
   * with the last result, accepted or not.
   */
  settled<T>(look: () => Promise<T>, done: (now: T, before: T) => boolean, looks?: number): Promise<T>
  /** Waits until every replica of every lane is in sync. */
  recovered(): Promise<void>
}

/** Processes of nodes. */
interface NodeActions {
  /** Every node of the cluster. */
  readonly allNodes: readonly FaultNode[]
  /** Signals the node's process; resolves when the engine reports that the container has stopped. */
  end(node: FaultNode, signal: 'SIGKILL' | 'SIGTERM'): Promise<Ended>
  /** Starts the node's process, unless it runs. */
  start(node: FaultNode): Promise<void>
  pause(node: FaultNode): Promise<void>
  /** Resumes the node, if it is paused. */
  unpause(node: FaultNode): Promise<void>
  state(node: FaultNode): Promise<NodeState>
  /** The end of the node's log. */
  lastLog(node: FaultNode): Promise<string>
}

interface NetworkActions {
  /** The proxy through which other brokers copy from this node. */
  replicationLink(node: FaultNode): Link
  /** The streams of that link that have to be cut so that followers receive nothing. */
  readonly replicationStreams: readonly Stream[]
  /** Drops packets between the two nodes of each pair; `in` and `out` only those towards or from the first. Client links stay open. */
  part(pairs: readonly (readonly [FaultNode, FaultNode])[], direction: 'both' | 'in' | 'out'): Promise<Dropping>
  /** Drops all packets of the nodes. */
  isolate(nodes: readonly FaultNode[]): Promise<Dropping>
  /** Opens a connection through a client link, sends a request that every broker answers, and waits at most `limitMs`. */
  probe(link: ClientLink, limitMs: number): Promise<Probe>
  /** The same with a request that every broker answers by closing the connection. */
  probeClose(link: ClientLink, limitMs: number): Promise<Probe>
  /**
   * Opens a connection on every client link of the node, by link name. A link on which another fault hides the node (a
   * toxic, dropped packets) is not tried.
   */
  probeLinks(node: FaultNode, limitMs: number): Promise<Record<string, LinkProbe>>
}

interface DiskActions {
  /** The folder of the messages on a data disk, and the files in it that an operator would restore on a new disk. */
  readonly data: { folder: string; kept: readonly string[] }
  /** Where the message files of the broker lie. Ask before the fault, while the broker runs. */
  dataFiles(node: FaultNode): Promise<DataFiles>
  /** All disks lose their power within milliseconds, then the nodes' processes are killed. */
  losePower(nodes: readonly FaultNode[]): Promise<PowerLoss>
  /** Runs a shell command in a helper container that has the node's disk at /disk. The node may be running or dead. */
  onDisk(node: FaultNode, script: string): Promise<string>
  /** From now on every write to the node's disk waits. */
  freezeDisk(node: FaultNode): Promise<void>
  /** `frozen` or `awake`, as the kernel reports it. */
  diskState(node: FaultNode): Promise<string>
  /** A disk that is not frozen is no error. */
  thawDisk(node: FaultNode): Promise<void>
  /** Limits how often a second the node can write to its disk; buffered writes do not wait. 0: no limit. */
  throttleDisk(node: FaultNode, writesPerSec: number): Promise<void>
  /** Time that `times` synced writes take in a process under the node's limit, ms. */
  fsyncMs(node: FaultNode, times: number): Promise<number>
}

/** Processes of the harness's own clients. */
interface ClientActions {
  /** Messages that all producers have sent so far, and how many of them were acknowledged. */
  sent(): { sent: number; acked: number }
  /** Signals the client's process; resolves when the operating system reports that it has ended. */
  endClient(client: FaultClient, signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
  freezeClient(client: FaultClient): Promise<void>
  /** A client that is not frozen is no error. */
  wakeClient(client: FaultClient): Promise<void>
  clientState(client: FaultClient): Promise<ClientState>
  /** Starts the client's process again, unless it runs. The process continues its message numbers. */
  startClient(client: FaultClient): Promise<void>
}

/** What the observer knows of the cluster, and what an operator can ask of it. */
interface ClusterView {
  replicaEnds(): Promise<ReplicaEnds[]>
  /** Length of the node's log in bytes, for systems with one log for all partitions, whose end offsets can wait for followers. */
  logEnd(node: FaultNode): number | undefined
  leaders(): Leadership[]
  /** Makes broker `to` the leader of the partitions; resolves when the cluster has accepted it. */
  transferLeadership(partitions: readonly Leadership[], to: number): Promise<void>
  /** The active controller. Throws while none is known. */
  activeController(): Promise<{ id: number; epoch: number }>
}
