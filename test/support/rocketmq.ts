/** For tests: a RocketMQ cluster, and clients of our own that reach it. */
import { randomBytes } from 'node:crypto'
import { RocketmqCluster } from '../../systems/rocketmq/cluster.ts'
import type { RocketmqShape } from '../../systems/rocketmq/properties.ts'
import { findEngine } from '../../docker/engine/engine.ts'
import { EngineEvents } from '../../docker/engine/events.ts'
import { ensureImages } from '../../docker/images/ensure.ts'
import { toolImages } from '../../docker/images/tools.ts'
import { rocketmqImages } from '../../systems/rocketmq/image/definition.ts'
import { clusterImages } from '../../systems/shared/cluster-images.ts'
import { Janitor } from '../../docker/cleanup/janitor.ts'
import { labelsOf } from '../../docker/engine/labels.ts'
import type { Settings } from '../../model/plan.ts'
import { RemotingClient, Routes } from '../../workloads/rocketmq-remoting/index.ts'

export interface LiveRocketmq extends AsyncDisposable {
  cluster: RocketmqCluster
  /** A client with routes of its own; closed at the end. */
  client(clientId: string): { client: RemotingClient; routes: Routes }
}

export interface RocketmqStart {
  image?: 'rocketmq' | 'rocketmq4'
  shape: RocketmqShape
  broker: Settings
  disks?: boolean
}

export async function startRocketmq({
  image = 'rocketmq',
  shape,
  broker,
  disks = false,
}: RocketmqStart): Promise<LiveRocketmq> {
  const engine = await findEngine()
  const definition = rocketmqImages.definitions.find(({ name }) => name === image)
  if (!definition) throw new Error(`no image ${image}`)
  const images = await ensureImages(engine, [definition, ...toolImages], { onProgress: () => {} })
  const run = `rocketmq-${process.pid}-${randomBytes(3).toString('hex')}`
  const stack = new AsyncDisposableStack()
  const janitor = new Janitor(run)
  stack.defer(async () => janitor.dismiss())
  const events = stack.use(await EngineEvents.watch(engine.docker, run))
  const cluster = stack.use(
    await RocketmqCluster.start({
      docker: engine.docker,
      events,
      images: clusterImages(images, definition),
      name: `lossproof-${run}`,
      labels: labelsOf(run, 'live'),
      shape,
      broker,
      disks,
      jit: 'c1',
    }),
  )
  const addresses = cluster.addresses('observer')
  return {
    cluster,
    client: clientId => {
      const client = new RemotingClient({ clientId, mapAddress: advertised => addresses[advertised] ?? advertised })
      stack.defer(() => client.close())
      return { client, routes: new Routes(client, cluster.advertisedNameServers) }
    },
    [Symbol.asyncDispose]: async () => stack.disposeAsync(),
  }
}
