/** Partitions as brokers report them. */

/** Log end offsets of one partition by broker id, each reported by that broker itself. */
export interface ReplicaEnds {
  lane: string
  partition: number
  leader: number
  ends: Record<number, number>
}

/** The leader of a partition, as the observer knows it. */
export interface Leadership {
  lane: string
  partition: number
  leader: number
  epoch: number
  /** Preferred leader first. */
  replicas: readonly number[]
  /** Undefined while brokers disagree. */
  isr: readonly number[] | undefined
}
