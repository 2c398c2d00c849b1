/** Reads extracts of the lanes' queues from a broker's commit log, whether the broker runs, is frozen or is down. */
import { setTimeout as delay } from 'node:timers/promises'
import { readWritten, readWrittenByCommand } from '../../../docker/disks/node-files.ts'
import type { Written } from '../../../docker/disks/node-files.ts'
import type { RocketmqCluster } from '../cluster.ts'
import { admin } from '../../../workloads/rocketmq-remoting/index.ts'
import type { CommitLog, ReplicaExtract } from '../../../history/replicas.ts'
import type { Lane, Trial } from '../../../model/plan.ts'
import { readCheckpoint, readMasterEpochs } from './checkpoints.ts'
import type { StoreCheckpoint } from './checkpoints.ts'
import { logFile, readLog } from './log.ts'
import type { AskedQueue } from './log.ts'
import type { FrozenDisk, ReplicaLogs, ReplicaState } from '../../shared/live-system.ts'
import type { RocketmqObserver } from '../observer/observer.ts'
import { queueOf } from '../queues.ts'

const storeFolder = '/data/store'
const checkpointFile = 'checkpoint'
const epochFile = 'epochFileCheckpoint'
/** A longer log is read only up to these limits. With the file size that brokers get here both are reached together. */
const mostFiles = 8
const mostBytes = 134_217_728
/** A broker must report the end of its log within this time; later the answer is of no use. */
const askLimitMs = 500

/** A file by its path below the store's folder. */
type Fetch = (path: string) => Promise<Written | undefined>

const logPath = (base: number) => `commitlog/${logFile(base)}`

interface Options {
  cluster: RocketmqCluster
  observer: RocketmqObserver
  trial: Trial
}

export class RocketmqReplicaLogs implements ReplicaLogs {
  readonly #options: Options

  constructor(options: Options) {
    this.#options = options
  }

  async read(broker: number): Promise<ReplicaState[]> {
    const { nodes } = this.#options.cluster
    const { running, paused } = await nodes.state(broker)
    const { container } = nodes.find(broker)
    return this.#read(broker, running && !paused ? 'running' : paused ? 'paused' : 'down', async path =>
      readWritten(container, `${storeFolder}/${path}`),
    )
  }

  /** Reads by a command in a helper, so that no process holds the disk that is about to lose power. */
  async readFrozen(broker: number, { helper, mount, fetched }: FrozenDisk): Promise<ReplicaState[]> {
    const files = await readWrittenByCommand(helper, `${mount}/store`, ['commitlog/*', checkpointFile, epochFile])
    fetched()
    return this.#read(broker, 'paused', async path => Promise.resolve(files.get(path)))
  }

  /** Asks the broker for the end of its log before reading its files: messages written in between do not count. */
  async #read(broker: number, state: ReplicaExtract['state'], fetch: Fetch): Promise<ReplicaState[]> {
    const queues = this.#queuesOf(broker)
    if (queues.length === 0) return []
    const reportedEnd = state === 'running' ? await this.#logEnd(broker) : undefined
    const [files, checkpoint, epochText] = await Promise.all([
      readFiles(fetch),
      fetch(checkpointFile),
      this.#fetchEpochs(fetch),
    ])
    const written = checkpoint && readCheckpoint(checkpoint.bytes)
    const epochs = readMasterEpochs(epochText?.bytes.toString('utf8') ?? '') ?? []
    const log = await readLog({
      files: files.byName,
      queues,
      epochs,
      reportedEnd,
      syncedAt: written?.physicMsgTimestamp ?? 0,
      isDown: state === 'down',
    })
    const missing =
      log.partial ??
      files.missing ??
      (files.byName.size === 0 && written && written.physicMsgTimestamp > 0
        ? 'the first file of the log is missing'
        : undefined)
    const commitLog: CommitLog = {
      end: log.end,
      flushed: log.flushed,
      epochs,
      ...tellable(written),
      ...this.#acknowledged(broker),
    }
    return log.queues.map(({ queue: { lane, p }, content }) => ({
      lane,
      p,
      state,
      ...content,
      commitLog,
      ...(missing === undefined ? {} : { partial: missing }),
    }))
  }

  /** Skipped without controllers: each file that the engine fetches costs a process. */
  async #fetchEpochs(fetch: Fetch): Promise<Written | undefined> {
    return this.#options.cluster.advertisedControllers.length === 0 ? undefined : fetch(epochFile)
  }

  /** The queues of the broker's group, of every lane. */
  #queuesOf(broker: number): AskedQueue[] {
    const { cluster, trial } = this.#options
    return trial.lanes.flatMap(lane =>
      queuesOn(lane, brokerName => cluster.groups.get(brokerName)?.some(({ id }) => id === broker) === true),
    )
  }

  async #logEnd(broker: number): Promise<number | undefined> {
    const { cluster, observer } = this.#options
    const asked = admin.runtimeInfo(observer.client, cluster.advertised(broker)).then(
      info => Number(info.get('commitLogMaxOffset') ?? NaN),
      () => NaN,
    )
    const end = await Promise.race([asked, delay(askLimitMs, NaN)])
    return Number.isFinite(end) ? end : undefined
  }

  /** What its slaves had acknowledged, as it last reported as a master. */
  #acknowledged(broker: number): Pick<CommitLog, 'acknowledged'> {
    const acknowledged = this.#options.observer.acknowledged(broker)
    return acknowledged === undefined ? {} : { acknowledged }
  }
}

function queuesOn(lane: Lane, has: (brokerName: string) => boolean): AskedQueue[] {
  return Array.from({ length: lane.topic.partitions }, (_, p) => p).flatMap(p => {
    const { topic, brokerName, queueId } = queueOf(lane.topic, p)
    return has(brokerName) ? [{ lane: lane.id, p, topic, queueId }] : []
  })
}

/** Reads from the first byte on; each file begins where the file before it ended. */
async function readFiles(fetch: Fetch): Promise<{ byName: Map<string, Buffer>; missing?: string }> {
  const byName = new Map<string, Buffer>()
  let [base, bytes] = [0, 0]
  for (let count = 0; count < mostFiles && bytes < mostBytes; count++) {
    const file = await fetch(logPath(base))
    if (!file) return { byName }
    byName.set(logFile(base), file.bytes)
    // The next file is created early: while this file has zeros left, the next one is empty.
    if (file.bytes.length < file.size || file.size === 0) return { byName }
    base += file.size
    bytes += file.bytes.length
  }
  return { byName, missing: `bytes behind ${base} were not read` }
}

/** Values of 0 are unknown. */
function tellable(written: StoreCheckpoint | undefined): Pick<CommitLog, 'masterFlushed' | 'confirmed'> {
  return {
    ...(written && written.masterFlushedOffset > 0 ? { masterFlushed: written.masterFlushedOffset } : {}),
    ...(written && written.confirmPhyOffset > 0 ? { confirmed: written.confirmPhyOffset } : {}),
  }
}
