/** For tests: a RocketMQ cluster that is not Lossproof's: one name server and one broker in plain containers. */
import type Dockerode from 'dockerode'
import { freePort } from '../free-port.ts'
import { findEngine } from '../../../docker/engine/engine.ts'
import { ensureImages } from '../../../docker/images/ensure.ts'
import { rocketmq } from '../../../systems/rocketmq/facts.ts'
import { admin, RemotingClient, removal } from '../../../workloads/rocketmq-remoting/index.ts'

const startLimitMs = 90_000
const nameServerPort = 9876

export interface PlainRocketmq extends AsyncDisposable {
  nameServer: string
  broker: string
  /** Topics and groups of the broker, and topics of the name server. */
  contents(): Promise<string[]>
  /** Ids and states of its containers and its network, to compare before and after. */
  state(): Promise<unknown>
}

/** The broker creates topics and groups by itself, as brokers of users do. It advertises a port of this machine. */
export async function startPlainRocketmq(name: string): Promise<PlainRocketmq> {
  const engine = await findEngine()
  const { docker } = engine
  const definition = rocketmq.images.imageFor(rocketmq.images.defaultVersion)
  const images = await ensureImages(engine, [definition], { onProgress: () => {} })
  const image = images[definition.name] ?? ''
  const [nameServerAt, brokerAt] = [await freePort(), await freePort()]
  const network = await docker.createNetwork({ Name: name })
  const containers: Dockerode.Container[] = []
  const client = new RemotingClient({ clientId: name, requestTimeoutMs: 2000, connectTimeoutMs: 2000 })
  const add = async (role: string, port: number, published: number, settings: readonly string[]) => {
    const file = `/etc/rocketmq/${role}.conf`
    const container = await docker.createContainer({
      name: `${name}-${role}`,
      Image: image,
      Entrypoint: ['sh', '-c', `mkdir -p /etc/rocketmq && echo "$CONF" > ${file} && exec /opt/rocketmq/run ${role}`],
      Env: [`CONF=${settings.join('\n')}`],
      ExposedPorts: { [`${port}/tcp`]: {} },
      HostConfig: {
        NetworkMode: name,
        PortBindings: { [`${port}/tcp`]: [{ HostIp: '127.0.0.1', HostPort: String(published) }] },
      },
    })
    containers.push(container)
    await container.start()
  }
  const cluster: PlainRocketmq = {
    nameServer: `127.0.0.1:${nameServerAt}`,
    broker: `127.0.0.1:${brokerAt}`,
    contents: async () => [
      ...[...(await removal.topicsOfBroker(client, cluster.broker)).keys()].map(topic => `broker topic ${topic}`),
      ...(await removal.groupsOfBroker(client, cluster.broker)).map(group => `broker group ${group}`),
      ...(await removal.topicsOfNameServer(client, cluster.nameServer)).map(topic => `name server topic ${topic}`),
    ],
    state: async () => ({
      containers: await Promise.all(
        containers.map(async container => {
          const { Id: id, State: state } = await container.inspect()
          return { id, running: state.Running, startedAt: state.StartedAt }
        }),
      ),
      network: (await network.inspect()).Id,
    }),
    async [Symbol.asyncDispose]() {
      client.close()
      await Promise.all(containers.map(async container => container.remove({ force: true, v: true })))
      await network.remove()
    },
  }
  try {
    await add('namesrv', nameServerPort, nameServerAt, [`listenPort=${nameServerPort}`])
    await add('broker', brokerAt, brokerAt, [
      'brokerName=theirs',
      `namesrvAddr=${name}-namesrv:${nameServerPort}`,
      'brokerIP1=127.0.0.1',
      `listenPort=${brokerAt}`,
      'mappedFileSizeCommitLog=16777216',
      // With the default it uses a full core for its first 10 s.
      'transactionMetricFlushInterval=250',
    ])
    await waitForBroker(client, cluster)
    return cluster
  } catch (error) {
    await Promise.resolve(cluster[Symbol.asyncDispose]()).catch(() => {})
    throw error
  }
}

async function waitForBroker(client: RemotingClient, { nameServer, broker }: PlainRocketmq): Promise<void> {
  const deadline = Date.now() + startLimitMs
  let seen = ''
  while (Date.now() < deadline) {
    try {
      const groups = await admin.clusterBrokers(client, nameServer)
      await admin.runtimeInfo(client, broker)
      if (groups.has('theirs')) return
      seen = 'the broker is not registered yet'
    } catch (error) {
      seen = String(error)
    }
    await new Promise(resolve => setTimeout(resolve, 200))
  }
  throw new Error(`the cluster did not start: ${seen}`)
}
