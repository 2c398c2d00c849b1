/** What `RawBroker` is asked for and returns. */
export interface RawTopic {
  name: string
  id: string
  partitions: { p: number; leader: number; leaderEpoch: number; replicas: number[]; isr: number[] }[]
}

export interface RawRecord {
  offset: number
  epoch: number
  /** True in control batches, which carry markers instead of messages. */
  control: boolean
  value: Buffer
}

export interface Quorum {
  leaderId: number
  leaderEpoch: number
  voters: number[]
}

/** A broker or a topic, and the names of its settings to describe. */
export interface DescribedResource {
  type: 'broker' | 'topic'
  /** The broker's id, or the topic's name. */
  name: string
  settings: string[]
}
