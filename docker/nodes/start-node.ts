/**
 * Starts one node of a cluster: a container with its configuration, perhaps a disk of its own, and a line to wait for.
 */
import type Dockerode from 'dockerode'
import { Wait } from 'testcontainers'
import { LossproofError, messageOf } from '../../model/errors.ts'
import { NodeContainer } from '../engine/container.ts'
import type { Labels } from '../engine/labels.ts'
import type { TrialNetwork } from '../network/network.ts'

const bootLimitMs = 90_000

export interface NodeSite {
  docker: Dockerode
  network: TrialNetwork
  labels: Labels
}

export interface NodeSpec {
  /** Host name and name in every output: `broker-1`. */
  name: string
  image: string
  command?: string[]
  environment: Record<string, string>
  /** Configuration files, written before the first start. */
  files: { content: string; target: string }[]
  /** A volume that becomes the node's data disk at /data; undefined: /data lies in the container. */
  disk: string | undefined
  /** Printed by the node once all its parts have started. */
  startedLine: RegExp
}

/** Where a node's data lie in its container. */
export const dataFolder = '/data'

/**
 * Resolves when the node has printed its started line. Throws LossproofError('cluster') when it ends or the limit is
 * reached.
 */
export async function startNode({ docker, network, labels }: NodeSite, spec: NodeSpec): Promise<Dockerode.Container> {
  const container = new NodeContainer(spec.image)
    .withFixedAddress(network, spec.name)
    .withLabels(labels)
    .withEnvironment(spec.environment)
    .withCopyContentToContainer(spec.files)
    .withWaitStrategy(Wait.forLogMessage(spec.startedLine).withStartupTimeout(bootLimitMs))
  if (spec.command) container.withCommand(spec.command)
  if (spec.disk !== undefined) container.withBindMounts([{ source: spec.disk, target: dataFolder, mode: 'rw' }])
  try {
    return docker.getContainer((await container.start()).getId())
  } catch (error) {
    throw new LossproofError(
      'cluster',
      `${spec.name} did not start within ${bootLimitMs / 1000} s: ${messageOf(error)}`,
      {
        cause: error,
      },
    )
  }
}
