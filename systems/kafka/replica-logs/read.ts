/** Reads extracts of the lanes' partitions from a broker's files, whether the broker runs, is frozen or is down. */
import type Dockerode from 'dockerode'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { readByCommand, readFromEngine, readLayer } from '../../../docker/disks/node-files.ts'
import type { Files } from '../../../docker/disks/node-files.ts'
import type { KafkaCluster } from '../cluster.ts'
import { LossproofError } from '../../../model/errors.ts'
import type { ReplicaExtract } from '../../../history/replicas.ts'
import type { Trial } from '../../../model/plan.ts'
import { readEpochs, readOffsets } from './checkpoints.ts'
import { payloadOfLane } from '../../../workloads/application/lane-payload.ts'
import { readLog, segmentFile } from './log.ts'
import type { ExpectedMessages, LogContent } from './log.ts'
import { readSegment } from './record-batch.ts'
import type { FrozenDisk, ObservedPartition, ReplicaLogs, ReplicaState } from '../../shared/live-system.ts'

const logFolder = '/data/log'
/** A file that every log folder has, even an empty one. */
const identity = 'meta.properties'
const epochFile = 'leader-epoch-checkpoint'
const checkpoints = {
  start: 'log-start-offset-checkpoint',
  highWatermark: 'replication-offset-checkpoint',
  recoveryPoint: 'recovery-point-offset-checkpoint',
} as const
/** At most this many segments of one partition are read. */
const mostSegments = 64
/** The engine needs 50 ms for each file (measured); a helper container reads all files in half a second. */
const filesAtOnce = 4
const fewPartitions = 4

interface Partition extends ExpectedMessages {
  topic: string
  p: number
}

export class KafkaReplicaLogs implements ReplicaLogs {
  readonly #cluster: KafkaCluster
  readonly #topics: ReadonlyMap<string, Pick<Partition, 'topic' | 'payload'>>
  /** The partitions of which each broker has a replica. */
  readonly #assigned = new Map<number, Map<string, Partition>>()

  /** `t0`: the beginning of the trial. */
  constructor(cluster: KafkaCluster, trial: Trial, t0: string) {
    this.#cluster = cluster
    this.#topics = new Map(
      trial.lanes.map(lane => [lane.id, { topic: lane.topic.name, payload: payloadOfLane(lane, t0) }]),
    )
  }

  /** Which broker has which replicas; kept for times at which no broker answers. */
  learn(partitions: readonly ObservedPartition[]): void {
    for (const { lane, p, view } of partitions) {
      const { topic, payload } = this.#topics.get(lane) ?? { topic: lane, payload: 'lossproof' as const }
      for (const broker of view.replicas) {
        const known = this.#assigned.get(broker) ?? new Map<string, Partition>()
        known.set(folderOf({ topic, p }), { lane, topic, p, payload })
        this.#assigned.set(broker, known)
      }
    }
  }

  async read(broker: number): Promise<ReplicaState[]> {
    const partitions = this.#partitionsOf(broker)
    if (partitions.length === 0) return []
    const { container } = this.#cluster.nodes.find(broker)
    const { running, paused } = await this.#cluster.nodes.state(broker)
    const awake = running && !paused
    const files = await (awake
      ? readByCommand(container, logFolder, partitions.map(folderOf), identity)
      : this.#readStill(container, partitions))
    return statesOf(partitions, files, awake ? 'running' : paused ? 'paused' : 'down')
  }

  async readFrozen(broker: number, { helper, mount, fetched }: FrozenDisk): Promise<ReplicaState[]> {
    const partitions = this.#partitionsOf(broker)
    if (partitions.length === 0) return []
    const files = await readByCommand(helper, `${mount}/log`, partitions.map(folderOf), identity)
    fetched()
    return statesOf(partitions, files, 'paused')
  }

  /** A node with a disk of its own has its files on that disk, not in the container's layer. */
  async #readStill(container: Dockerode.Container, partitions: readonly Partition[]): Promise<Files> {
    const { docker, image, labels } = this.#cluster.clientHost
    const isLayered = partitions.length > fewPartitions && !this.#cluster.hasDisks
    const files = isLayered
      ? await readLayer(docker, { image, labels }, container, logFolder, partitions.map(folderOf), identity)
      : undefined
    return files ?? readFiles(container, partitions)
  }

  #partitionsOf(broker: number): Partition[] {
    return [...(this.#assigned.get(broker)?.values() ?? [])]
  }
}

const folderOf = ({ topic, p }: Pick<Partition, 'topic' | 'p'>) => `${topic}-${p}`

/**
 * The engine lists a folder only by copying all of it, and index files are large. So segments are fetched one by one: the
 * name of each is the offset at which the segment before it ended.
 */
async function readFiles(container: Dockerode.Container, partitions: readonly Partition[]): Promise<Files> {
  const files: Files = new Map()
  const fetch = async (path: string): Promise<Buffer | undefined> => {
    const bytes = await readFromEngine(container, `${logFolder}/${path}`)
    if (bytes) files.set(path, bytes)
    return bytes
  }
  await atOnce([identity, ...Object.values(checkpoints)], fetch)
  if (!files.has(identity)) throw new LossproofError('cluster', `${logFolder}/${identity} does not exist`)
  const starts = offsetsOf(files, checkpoints.start)
  await atOnce(partitions, async partition => {
    const folder = folderOf(partition)
    await fetch(`${folder}/${epochFile}`)
    // Segments before the log start offset may be deleted; then the first segment has that offset as its name.
    const start = starts.get(folder) ?? 0
    if (!(await fetchSegments(folder, 0, fetch)) && start > 0) await fetchSegments(folder, start, fetch)
  })
  return files
}

/** Fetches the segments from `base` on. Returns whether there was one. */
async function fetchSegments(
  folder: string,
  base: number,
  fetch: (path: string) => Promise<Buffer | undefined>,
): Promise<boolean> {
  let at = base
  for (let count = 0; count < mostSegments; count++) {
    const bytes = await fetch(`${folder}/${segmentFile(at)}`)
    if (!bytes) return count > 0
    let end = at
    readSegment(bytes, batch => {
      end = batch.lastOffset + 1
    })
    if (end === at) return true
    at = end
  }
  throw new LossproofError('cluster', `${folder} has more than ${mostSegments} segments`)
}

/** Yields between two partitions, so that the observer and others can run. */
async function statesOf(
  partitions: readonly Partition[],
  files: Files,
  state: ReplicaExtract['state'],
): Promise<ReplicaState[]> {
  const [starts, highWatermarks, recoveryPoints] = [
    checkpoints.start,
    checkpoints.highWatermark,
    checkpoints.recoveryPoint,
  ].map(file => offsetsOf(files, file))
  const states: ReplicaState[] = []
  for (const partition of partitions) {
    await nextTurn()
    const folder = folderOf(partition)
    const own = new Map(
      [...files].flatMap(([path, bytes]) =>
        path.startsWith(`${folder}/`) ? [[path.slice(folder.length + 1), bytes] as const] : [],
      ),
    )
    const content = contentOf(own, partition, starts?.get(folder))
    const epochs = readEpochs(own.get(epochFile)?.toString('utf8') ?? '')
    const highWatermark = highWatermarks?.get(folder)
    const recoveryPoint = recoveryPoints?.get(folder)
    states.push({
      lane: partition.lane,
      p: partition.p,
      state,
      ...content,
      epochs: epochs ?? [],
      ...(highWatermark === undefined ? {} : { highWatermark }),
      ...(recoveryPoint === undefined ? {} : { recoveryPoint }),
    })
  }
  return states
}

/** Without any file the broker has no replica: that is not a gap in the extract. */
function contentOf(own: Files, expected: ExpectedMessages, start: number | undefined): LogContent {
  return own.size === 0 ? { start: 0, end: 0, runs: [] } : readLog(own, expected, start)
}

function offsetsOf(files: Files, name: string): Map<string, number> {
  return readOffsets(files.get(name)?.toString('utf8') ?? '') ?? new Map()
}

async function atOnce<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const waiting = [...items]
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: filesAtOnce }, worker))
}
