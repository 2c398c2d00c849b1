/** Makes one view of a broker group from what RocketMQ's brokers and controllers report. Pure. */
import type { PartitionView } from '../../shared/live-system.ts'
import type { BrokerReport, GroupReport } from './reports.ts'

/**
 * A slave is in sync when its log is as long as the master's was this long ago: messages in transit have not arrived
 * yet.
 */
const lagMs = 400
const reportsKept = 20

/** How often each broker was started, and the length of its log over time. */
export class BrokerLives {
  readonly #boots = new Map<number, number[]>()
  readonly #reports = new Map<number, BrokerReport[]>()

  /** Keeps the report, and returns it. */
  add(id: number, report: BrokerReport): BrokerReport {
    const boots = this.#boots.get(id) ?? []
    if (!boots.includes(report.bootedAt)) this.#boots.set(id, [...boots, report.bootedAt])
    this.#reports.set(id, [...(this.#reports.get(id) ?? []), report].slice(-reportsKept))
    return report
  }

  /** Restarts seen so far; 0 for a broker that still runs as it was first seen. */
  epoch(id: number): number {
    return Math.max(0, (this.#boots.get(id)?.length ?? 1) - 1)
  }

  /**
   * How far slaves had acknowledged the log when the broker last reported that it is master, bytes; undefined when it
   * never did.
   */
  acknowledged(id: number): number[] | undefined {
    return this.#reports.get(id)?.findLast(report => report.isMaster === true)?.slaves
  }

  hasReported(id: number): boolean {
    return this.#boots.has(id)
  }

  /** Length of the log `lagMs` before `t`, since the broker's last start; undefined when no report covers that time. */
  endBefore(id: number, t: number): number | undefined {
    const reports = this.#reports.get(id) ?? []
    const bootedAt = reports.at(-1)?.bootedAt
    return reports.findLast(report => report.bootedAt === bootedAt && report.askedAt <= t - lagMs)?.logEnd
  }
}

/**
 * In classic mode the first node is always the master. Its epoch counts its restarts: after one it may not know what it
 * stored before. A slave that is ahead of its master is not in sync: the master has lost its log, and neither copies from
 * the other.
 */
export function classicView(
  nodes: readonly number[],
  reports: ReadonlyMap<number, BrokerReport>,
  lives: BrokerLives,
): PartitionView | undefined {
  const [master = -1, ...slaves] = nodes
  if (!lives.hasReported(master)) return undefined
  const report = reports.get(master)
  const epoch = lives.epoch(master)
  if (!report) return { leader: -1, epoch, replicas: nodes, isr: undefined }
  const masterEnd = lives.endBefore(master, report.askedAt)
  const inSync = slaves.filter(id => {
    const slave = reports.get(id)
    const earlier = lives.endBefore(id, report.askedAt)
    return (
      slave !== undefined &&
      masterEnd !== undefined &&
      slave.logEnd >= masterEnd &&
      earlier !== undefined &&
      earlier <= report.logEnd
    )
  })
  return { leader: master, epoch, replicas: nodes, isr: [master, ...inSync] }
}

/**
 * In controller mode the controller decides which broker leads and which are in sync. While no controller answers, nobody
 * can be elected: the last master leads as long as it reports itself that it is master, and which replicas are in sync is
 * not known.
 */
export function controllerView(
  nodes: readonly number[],
  report: GroupReport | undefined,
  last: GroupReport | undefined = report,
  brokers: ReadonlyMap<number, Pick<BrokerReport, 'isMaster'>> = new Map(),
): PartitionView | undefined {
  if (report) return { leader: report.master, epoch: report.epoch, replicas: nodes, isr: report.syncStateSet }
  if (!last) return undefined
  const leads = brokers.get(last.master)?.isMaster === true
  return { leader: leads ? last.master : -1, epoch: last.epoch, replicas: nodes, isr: undefined }
}
