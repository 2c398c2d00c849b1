/** For tests: a Kafka cluster that is not Lossproof's, as `docker compose up` would leave it on the engine. */
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type Dockerode from 'dockerode'
import { freePort } from '../free-port.ts'
import { findEngine } from '../../../docker/engine/engine.ts'
import { OwnBroker } from '../../../workloads/clients/platformatic/own-cluster.ts'
import { folder } from '../cli.ts'
import { officialKafka } from './images.ts'

const startLimitMs = 90_000

export interface Project extends AsyncDisposable {
  name: string
  /** The compose file. */
  file: string
  services: string[]
  /** `127.0.0.1:port` of every broker. */
  bootstrap: string[]
  containers: Dockerode.Container[]
  /** Ids and states of its containers, its network and its volumes, to compare before and after. */
  state(): Promise<unknown>
}

export interface ProjectFile {
  /** The compose file. */
  file: string
  services: string[]
  /** Of this machine, one for each broker. */
  ports: number[]
  /** Variables of the broker at this place. */
  environment: (at: number) => Record<string, string>
}

/** A compose file of brokers that are controllers as well, in containers of the official layout, with a volume each. */
export async function writeProject(image: string, brokers: number): Promise<ProjectFile> {
  const ids = Array.from({ length: brokers }, (_, at) => at + 1)
  const ports = await Promise.all(ids.map(freePort))
  const services = ids.map(id => `kafka${id}`)
  const file = join(folder(), 'docker-compose.yml')
  const environment = (at: number) => ({
    KAFKA_NODE_ID: String(ids[at]),
    KAFKA_PROCESS_ROLES: 'broker,controller',
    KAFKA_CONTROLLER_QUORUM_VOTERS: ids.map(id => `${id}@kafka${id}:9093`).join(','),
    KAFKA_LISTENERS: 'HOST://:9092,INTERNAL://:19092,CONTROLLER://:9093',
    KAFKA_ADVERTISED_LISTENERS: `HOST://127.0.0.1:${ports[at]},INTERNAL://kafka${ids[at]}:19092`,
    KAFKA_INTER_BROKER_LISTENER_NAME: 'INTERNAL',
    KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'HOST:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT',
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: String(Math.min(3, brokers)),
    KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '3',
    KAFKA_LOG_DIRS: '/var/lib/kafka/data',
    KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
    // Kafka's own times make a test wait for half a minute until a broker counts as lost.
    KAFKA_BROKER_HEARTBEAT_INTERVAL_MS: '500',
    KAFKA_BROKER_SESSION_TIMEOUT_MS: '4000',
    KAFKA_REPLICA_LAG_TIME_MAX_MS: '5000',
  })
  writeFileSync(file, composeFile(image, services, ports, environment))
  return { file, services, ports, environment }
}

/** Runs the containers of such a file, as compose would. */
export async function startProject(name: string, brokers: number): Promise<Project> {
  const engine = await findEngine()
  const { docker } = engine
  const image = await officialKafka(engine)
  const { file, services, ports, environment } = await writeProject(image, brokers)
  const labels = (service: string) => ({
    'com.docker.compose.project': name,
    'com.docker.compose.project.config_files': file,
    'com.docker.compose.project.working_dir': dirname(file),
    'com.docker.compose.service': service,
    'com.docker.compose.container-number': '1',
  })
  const network = await docker.createNetwork({
    Name: `${name}_default`,
    Labels: { 'com.docker.compose.project': name },
  })
  const containers: Dockerode.Container[] = []
  const remove = async () => {
    await Promise.all(containers.map(async container => container.remove({ force: true, v: true })))
    await network.remove()
    await Promise.all(services.map(async service => docker.getVolume(`${name}_${service}`).remove()))
  }
  for (const [at, service] of services.entries()) {
    await docker.createVolume({ Name: `${name}_${service}`, Labels: { 'com.docker.compose.project': name } })
    containers.push(
      await docker.createContainer({
        name: `${name}-${service}-1`,
        Image: image,
        Labels: labels(service),
        Env: Object.entries(environment(at)).map(([key, value]) => `${key}=${value}`),
        ExposedPorts: { '9092/tcp': {} },
        HostConfig: {
          NetworkMode: `${name}_default`,
          PortBindings: { '9092/tcp': [{ HostIp: '127.0.0.1', HostPort: String(ports[at]) }] },
          Binds: [`${name}_${service}:/var/lib/kafka/data`],
        },
        NetworkingConfig: { EndpointsConfig: { [`${name}_default`]: { Aliases: [service] } } },
      }),
    )
  }
  const project: Project = {
    name,
    file,
    services,
    bootstrap: ports.map(port => `127.0.0.1:${port}`),
    containers,
    state: async () => stateOf(docker, name),
    [Symbol.asyncDispose]: remove,
  }
  try {
    await Promise.all(containers.map(async container => container.start()))
    await waitForBrokers(project)
    return project
  } catch (error) {
    await remove().catch(() => {})
    throw error
  }
}

async function waitForBrokers({ bootstrap, services }: Project): Promise<void> {
  const deadline = Date.now() + startLimitMs
  let seen = ''
  while (Date.now() < deadline) {
    try {
      await using broker = new OwnBroker(bootstrap[0] ?? '', 2000)
      const known = await broker.brokers()
      if (known.length === services.length) return
      seen = `${known.length} of ${services.length} brokers`
    } catch (error) {
      seen = String(error)
    }
    await new Promise(resolve => setTimeout(resolve, 200))
  }
  throw new Error(`the project did not start: ${seen}`)
}

async function stateOf(docker: Dockerode, project: string): Promise<unknown> {
  const filters = { label: [`com.docker.compose.project=${project}`] }
  const containers = await docker.listContainers({ all: true, filters })
  const { Volumes: volumes } = await docker.listVolumes({ filters })
  return {
    containers: containers
      .map(({ Id: id, State: state }) => ({ id, state }))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    networks: (await docker.listNetworks({ filters })).map(({ Id: id }) => id),
    volumes: (volumes ?? []).map(({ Name: volume }) => volume).toSorted((a, b) => (a < b ? -1 : 1)),
  }
}

function composeFile(
  image: string,
  services: readonly string[],
  ports: readonly number[],
  environment: (at: number) => Record<string, string>,
): string {
  const lines = services.flatMap((service, at) => [
    `  ${service}:`,
    `    image: ${image}`,
    `    ports: ["127.0.0.1:${ports[at]}:9092"]`,
    `    volumes: ["${service}:/var/lib/kafka/data"]`,
    '    environment:',
    ...Object.entries(environment(at)).map(([key, value]) => `      ${key}: "${value}"`),
  ])
  return ['services:', ...lines, 'volumes:', ...services.map(service => `  ${service}: {}`), ''].join('\n')
}
