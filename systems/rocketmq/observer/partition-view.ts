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
  return {
    leader: master,
    epoch,
    replicas: nodes,
    isr: [master, ...inSyncWith(report, master, slaves, reports, lives)],
  }
}

/** Slaves whose log is as long as the master's was a moment ago, and was not longer than the master's is now. */
function inSyncWith(
  report: BrokerReport,
  master: number,
  slaves: readonly number[],
  reports: ReadonlyMap<number, BrokerReport>,
  lives: BrokerLives,
): number[] {
  const masterEnd = lives.endBefore(master, report.askedAt)
  return slaves.filter(id => {
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
}

/**
 * Views of the broker groups of a cluster of the user's own. Its masters can change at any time, and who elects them is not
 * known. So the master is the only broker that reports that it is one; where brokers do not report it, or several do, it is
 * the one that the name servers list. The epoch counts masters and their restarts.
 */
export class ReportedMasters {
  readonly #terms = new Map<string, { leader: number; boots: number; epoch: number }>()

  /** `listed`: the node that each name server lists as the master; -1 for one that is not known. */
  view(
    brokerName: string,
    nodes: readonly number[],
    listed: readonly number[],
    reports: ReadonlyMap<number, BrokerReport>,
    lives: BrokerLives,
  ): PartitionView | undefined {
    if (!nodes.some(id => lives.hasReported(id))) return undefined
    const leader = reportedMaster(nodes, listed, reports)
    const report = reports.get(leader)
    const term = this.#terms.get(brokerName) ?? { leader, boots: lives.epoch(leader), epoch: 0 }
    if (!report) return { leader: -1, epoch: term.epoch, replicas: nodes, isr: undefined }
    const boots = lives.epoch(leader)
    const isSame = term.leader === leader && term.boots === boots
    const current = isSame ? term : { leader, boots, epoch: term.epoch + 1 }
    this.#terms.set(brokerName, current)
    const slaves = nodes.filter(id => id !== leader)
    return {
      leader,
      epoch: current.epoch,
      replicas: nodes,
      isr: [leader, ...inSyncWith(report, leader, slaves, reports, lives)],
    }
  }
}

/** -1 where none is certain. */
function reportedMaster(
  nodes: readonly number[],
  listed: readonly number[],
  reports: ReadonlyMap<number, BrokerReport>,
): number {
  const having = (isMaster: boolean | undefined) =>
    nodes.filter(id => reports.has(id) && reports.get(id)?.isMaster === isMaster)
  const claiming = having(true)
  const [master] = claiming
  if (master !== undefined && claiming.length === 1) return master
  const [named, ...others] = new Set(listed)
  const possible = claiming.length > 0 ? claiming : having(undefined)
  return named !== undefined && others.length === 0 && possible.includes(named) ? named : -1
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
