/** Nodes of the cluster, and what a fault can read back about them. */

export interface FaultNode {
  /** Its name in every output: `broker-1`. */
  name: string
  /** Its number in the cluster, unique among all nodes. */
  id: number
}

/** How a process ended. */
export interface Ended {
  exitCode: number
  /** The engine's own event about the end; undefined when none arrived. */
  engineEvent: string | undefined
}

/** The state of a node's container as the engine reports it. */
export interface NodeState {
  running: boolean
  paused: boolean
  exitCode: number
  /** Changes with each start. */
  startedAt: string
}

/** What was observed while nodes lost their power. */
export interface PowerLoss {
  /** Time between the first and the last disk, ms. */
  spreadMs: number
  /** Time from the first call to the last return, ms. The calls wait for the journals' superblocks. */
  returnedMs: number
  nodes: Record<string, NodePowerLoss>
}

export interface NodePowerLoss extends Ended {
  /** What reading from the dead file system answered. */
  read: string
  /** Packets that were dropped before the process was killed. */
  droppedPackets: number
}

/** Packets that are dropped until `undo`. */
export interface Dropping {
  /** DROP rules in the node's network namespace, and how many packets they have dropped so far. */
  seen(node: FaultNode): Promise<{ rules: number; packets: number }>
  /** Idempotent. A node that is down is no error. */
  undo(): Promise<void>
}
