/** Merges the metadata that several Kafka brokers report into one view of a partition. Pure. */
import { sameSet } from '../shared/same-set.ts'
import type { PartitionView } from '../shared/live-system.ts'

export interface PartitionReport {
  p: number
  leader: number
  leaderEpoch: number
  replicas: number[]
  isr: number[]
}

/** One broker's answer about the lanes' topics and the brokers it knows. */
export interface BrokerReport {
  broker: number
  /** ms on the trial's clock. */
  askedAt: number
  brokers: number[]
  topics: Record<string, PartitionReport[]>
}

/**
 * The view of one partition; undefined when no report has it. A broker's metadata may be out of date, so only reports of
 * the latest leader epoch count. Among those, the ISR counts when all reports agree on it.
 */
export function mergePartition(reports: readonly BrokerReport[], topic: string, p: number): PartitionView | undefined {
  const found = reports.flatMap(report => (report.topics[topic] ?? []).filter(partition => partition.p === p))
  const epoch = Math.max(...found.map(partition => partition.leaderEpoch))
  const latest = found.filter(partition => partition.leaderEpoch === epoch)
  const [first] = latest
  if (!first) return undefined
  // Brokers that already know that the leader is fenced report -1.
  const leader = latest.some(partition => partition.leader === -1) ? -1 : first.leader
  const agreed = latest.every(partition => sameSet(partition.isr, first.isr))
  return { leader, epoch, replicas: first.replicas, isr: agreed ? [...first.isr].toSorted((a, b) => a - b) : undefined }
}

/** Ids of the brokers that every report names. */
export function brokersNamedByAll(reports: readonly BrokerReport[]): number[] {
  const [first, ...others] = reports
  if (!first) return []
  return first.brokers.filter(id => others.every(report => report.brokers.includes(id))).toSorted((a, b) => a - b)
}
