/** What Kafka's brokers say about partitions, merged into one view. Pure. */

import { sameSet } from '../shared/same-set.ts'
import type { PartitionView } from '../shared/live-system.ts'

export interface PartitionReport {
  p: number
  leader: number
  leaderEpoch: number
  replicas: number[]
  isr: number[]
}

/** One broker's own answer about one topic's partitions and the brokers it knows. */
export interface BrokerReport {
  broker: number
  /** When it was asked, ms on the trial's clock. */
  askedAt: number
  brokers: number[]
  topics: Record<string, PartitionReport[]>
}

/**
 * The view of one partition. A broker's metadata may lag behind, so the latest leader epoch counts; among the brokers
 * that know it, an ISR counts only when all of them name the same one.
 */
export function mergePartition(reports: BrokerReport[], topic: string, p: number): PartitionView | undefined {
  const found = reports.flatMap(report => (report.topics[topic] ?? []).filter(partition => partition.p === p))
  const epoch = Math.max(...found.map(partition => partition.leaderEpoch))
  const latest = found.filter(partition => partition.leaderEpoch === epoch)
  const [first] = latest
  if (!first) return undefined
  // A fenced leader is named -1 by brokers that know of it already.
  const leader = latest.some(partition => partition.leader === -1) ? -1 : first.leader
  const agreed = latest.every(partition => sameSet(partition.isr, first.isr))
  return { leader, epoch, replicas: first.replicas, isr: agreed ? [...first.isr].toSorted((a, b) => a - b) : undefined }
}

/** Brokers that every report names. */
export function mergeBrokers(reports: BrokerReport[]): number[] {
  const [first, ...others] = reports
  if (!first) return []
  return first.brokers.filter(id => others.every(report => report.brokers.includes(id))).toSorted((a, b) => a - b)
}
