/** Starts one node of a cluster at its address: a container with its configuration and perhaps a disk of its own. */
import type Dockerode from 'dockerode'
import { LossproofError, messageOf } from '../../model/errors.ts'
import { NodeContainer } from '../engine/container.ts'
import type { Labels } from '../engine/labels.ts'
import { NodeBootError, StartedLine } from './boot.ts'
import type { AddressHolder } from './address-holder.ts'

const bootLimitMs = 90_000
/**
 * Weights of a node for the processor. A node that boots needs all of it for seconds. With the weight of the others it
 * would starve nodes of trials that run at the same time, until they take each other for dead.
 */
const cpuShares = { booting: 512, running: 1024 } as const

export interface NodeSite {
  docker: Dockerode
  labels: Labels
}

export interface NodeSpec {
  /** Host name and name in every output: `broker-1`. */
  name: string
  image: string
  holder: AddressHolder
  command?: string[]
  environment: Record<string, string>
  /** Configuration files, written before the first start. */
  files: { content: string; target: string }[]
  /** A volume that becomes the node's data disk at /data; undefined: /data lies in the container. */
  disk: string | undefined
  /** Printed by the node once all its parts have started. */
  startedLine: RegExp
}

export interface StartedNode {
  container: Dockerode.Container
  holder: AddressHolder
  startedLine: RegExp
}

/** Where a node's data lie in its container. */
export const dataFolder = '/data'

/**
 * Resolves when the node has printed its started line. Throws NodeBootError with the node's log when the node ends before
 * that, or when the limit is reached.
 */
export async function startNode({ docker, labels }: NodeSite, spec: NodeSpec): Promise<StartedNode> {
  const { name, image, holder, startedLine } = spec
  try {
    const container = new NodeContainer(image)
      .withNetworkOf(holder.container)
      .withLabels(labels)
      .withEnvironment(spec.environment)
      .withCpuShares(cpuShares.booting)
      .withCopyContentToContainer(spec.files)
      .withWaitStrategy(new StartedLine(name, startedLine, bootLimitMs))
    if (spec.command) container.withCommand(spec.command)
    if (spec.disk !== undefined) container.withBindMounts([{ source: spec.disk, target: dataFolder, mode: 'rw' }])
    const started = docker.getContainer((await container.start()).getId())
    // An engine that cannot set weights has ignored the first one too.
    await started.update({ CpuShares: cpuShares.running }).catch(() => {})
    return { container: started, holder, startedLine }
  } catch (error) {
    if (error instanceof NodeBootError) throw error
    throw new LossproofError('cluster', `${name} could not be started: ${messageOf(error)}`, { cause: error })
  }
}
