/** What RocketMQ's brokers and controllers say about a broker group, as one view. Pure. */
import type { PartitionView } from '../../shared/live-system.ts'
import type { BrokerReport, GroupReport } from './reports.ts'

/** A slave is in step when its log reaches as far as the master's did so long ago: some of what is under way has not arrived. */
const lagMs = 400
const kept = 20

/** The lives of brokers: how often each was started, and how far its log reached when. */
export class Lives {
  readonly #boots = new Map<number, number[]>()
  readonly #ends = new Map<number, BrokerReport[]>()

  /** Remembers it, and hands it back. */
  lived(id: number, report: BrokerReport): BrokerReport {
    const boots = this.#boots.get(id) ?? []
    if (!boots.includes(report.bootedAt)) this.#boots.set(id, [...boots, report.bootedAt])
    this.#ends.set(id, [...(this.#ends.get(id) ?? []), report].slice(-kept))
    return report
  }

  /** 0 in its first life. */
  epoch(id: number): number {
    return Math.max(0, (this.#boots.get(id)?.length ?? 1) - 1)
  }

  /** What slaves had acknowledged when it last said that it is master; undefined when it never did. */
  acknowledged(id: number): number[] | undefined {
    return this.#ends.get(id)?.findLast(report => report.isMaster === true)?.slaves
  }

  isKnown(id: number): boolean {
    return this.#boots.has(id)
  }

  /** How far its log reached some time before `t`, in the life that it is in now; undefined when that is not known. */
  endBefore(id: number, t: number): number | undefined {
    const reports = this.#ends.get(id) ?? []
    const bootedAt = reports.at(-1)?.bootedAt
    return reports.findLast(report => report.bootedAt === bootedAt && report.askedAt <= t - lagMs)?.logEnd
  }
}

/**
 * The first node is the master for good. Its epoch counts its lives: what it said in one it may not know in the next. A
 * slave that is ahead of its master is not in step: the master has lost its log, and nothing is copied either way.
 */
export function classicView(
  nodes: readonly number[],
  reports: ReadonlyMap<number, BrokerReport>,
  lives: Lives,
): PartitionView | undefined {
  const [master = -1, ...slaves] = nodes
  if (!lives.isKnown(master)) return undefined
  const told = reports.get(master)
  const epoch = lives.epoch(master)
  if (!told) return { leader: -1, epoch, replicas: nodes, isr: undefined }
  const behind = lives.endBefore(master, told.askedAt)
  const inStep = slaves.filter(id => {
    const slave = reports.get(id)
    const earlier = lives.endBefore(id, told.askedAt)
    return (
      slave !== undefined &&
      behind !== undefined &&
      slave.logEnd >= behind &&
      earlier !== undefined &&
      earlier <= told.logEnd
    )
  })
  return { leader: master, epoch, replicas: nodes, isr: [master, ...inStep] }
}

export function controllerView(nodes: readonly number[], report: GroupReport | undefined): PartitionView | undefined {
  return report && { leader: report.master, epoch: report.epoch, replicas: nodes, isr: report.syncStateSet }
}
