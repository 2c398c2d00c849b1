/** A broker became the leader of a partition, or its leader went away. */
export interface EpochChange {
  /** When the observer saw it, ms. */
  t: number
  /** Number of the broker; -1 where no broker leads. */
  leader: number
  epoch: number
  /** Earliest time of the change: when the observer last saw the state before, less the time that metadata needs to spread. */
  earliest: number
}
