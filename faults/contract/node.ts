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
  /** Another fault had ended the node before, and the exit code is of that end. */
  wasDown?: true
}

/** How a process ended, as evidence. */
export const endSeen = (ended: Ended | undefined) => ({
  exitCode: ended?.exitCode,
  engineEvent: ended?.engineEvent ?? 'none seen',
  wasDown: ended?.wasDown ?? false,
})

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
  /** Time from the first node's freeze to the last one's, at most, ms. */
  frozenWithinMs: number
  /** How long all of them were frozen before their disks died, ms. In this time the kernel may write pages back. */
  frozenMs: number
  /** Time between the first and the last disk, ms. */
  spreadMs: number
  /** Time from the first call to the last return, ms. The calls wait for the journals' superblocks. */
  returnedMs: number
  nodes: Record<string, NodePowerLoss>
}

export interface NodePowerLoss extends Ended {
  /** What reading from the dead file system answered. */
  read: string
  /** Packets that were dropped around the end of the process. */
  droppedPackets: number
}

/** Packets that are dropped until `undo`. */
export interface Dropping {
  /** DROP rules in the node's network namespace, and how many packets they have dropped so far. */
  seen(node: FaultNode): Promise<{ rules: number; packets: number }>
  /** Idempotent. A node that is down is no error. */
  undo(): Promise<void>
}

/** Where the message files lie that a broker has open for writing. */
export interface DataFiles {
  /** How many of them lie on the node's data disk. */
  onDisk: number
  /** Paths of those that do not: a fault of the data disk does not reach them. */
  elsewhere: string[]
  /** The broker was down or frozen and could not be asked. */
  notAsked?: true
}

/** Whether a fault of the data disk reaches the broker's messages. */
export const reachesMessages = ({ onDisk, elsewhere, notAsked }: DataFiles): boolean =>
  notAsked === true || (onDisk > 0 && elsewhere.length === 0)
