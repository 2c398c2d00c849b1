/** The brokers of a cluster of the user's own, and the containers of a compose project in which they run. */
import type Dockerode from 'dockerode'
import { findProject } from '../../../docker/projects/project.ts'
import type { ProjectContainer } from '../../../docker/projects/project.ts'
import { LossproofError } from '../../../model/errors.ts'
import type { OwnCluster } from '../../../model/plan.ts'
import { OwnBroker } from '../../../workloads/clients/platformatic/own-cluster.ts'
import type { AdvertisedBroker } from '../../../workloads/clients/platformatic/own-cluster.ts'
import { idVariables, nodeIdOf } from './node-id.ts'
import { reachBrokers } from './reach.ts'

const votersLimitMs = 5000

export interface FoundCluster {
  brokers: AdvertisedBroker[]
  /** Absent where the cluster is known by its address alone. */
  project?: FoundProject
}

export interface FoundProject {
  name: string
  /** By the id of the broker. */
  containers: ReadonlyMap<number, ProjectContainer>
  /** Nodes that are controllers and nothing else, by id. */
  controllers: ReadonlyMap<number, ProjectContainer>
}

/**
 * `advertised`: the address of each broker where clients reach the brokers of a project through proxies, by id. Throws
 * LossproofError('capability-missing') that says what was not found.
 */
export async function findOwnCluster(
  docker: Dockerode,
  { bootstrap, compose }: OwnCluster,
  advertised?: ReadonlyMap<number, string>,
): Promise<FoundCluster> {
  if (compose === undefined) return { brokers: await reachBrokers(bootstrap) }
  const { file, project, brokers: services, controllers: apart = [] } = compose
  const { name, containers: all } = await findProject(docker, { file, project, services: [...services, ...apart] })
  const containers = all.filter(({ service }) => services.includes(service))
  const published = containers.flatMap(container => container.published.map(port => `127.0.0.1:${port}`))
  const addresses = advertised === undefined ? (bootstrap.length > 0 ? bootstrap : published) : [...advertised.values()]
  if (addresses.length === 0)
    throw new LossproofError('capability-missing', `no port of ${services.join(', ')} is published on this machine`, {
      hint: 'publish the port of a listener that advertises this machine, or name an address in cluster.bootstrap',
    })
  const brokers = await reachBrokers(addresses)
  const isReached =
    advertised === undefined
      ? isReachedAt
      : (_: ProjectContainer, { id, address }: AdvertisedBroker) => advertised.get(id) === address
  const found = containersOf(brokers, containers, services, isReached)
  const controllers = controllersOf(all.filter(({ service }) => apart.includes(service)))
  checkVoters(await votersOf(brokers), [...found.keys()], [...controllers.keys()])
  return { brokers, project: { name, containers: found, controllers } }
}

/** Containers of nodes that are controllers alone, by id. */
export function controllersOf(containers: readonly ProjectContainer[]): Map<number, ProjectContainer> {
  const found = new Map<number, ProjectContainer>()
  for (const container of containers) {
    const { name, service } = container
    const id = nodeIdOf(container.environment)
    const other = id === undefined ? undefined : found.get(id)
    if (id === undefined || other !== undefined)
      throw new LossproofError(
        'capability-missing',
        id === undefined
          ? `the container ${name} of the service "${service}" does not tell its number`
          : `${name} and ${other?.name} have the number ${id}`,
        { hint: `set ${idVariables[0]} of every controller in its environment` },
      )
    found.set(id, container)
  }
  return found
}

/** A fault that cuts a node off from all others has to know all others. */
export function checkVoters(
  voters: readonly number[],
  brokers: readonly number[],
  controllers: readonly number[],
): void {
  const unknown = voters.filter(id => !brokers.includes(id) && !controllers.includes(id))
  if (unknown.length > 0)
    throw new LossproofError(
      'capability-missing',
      `the cluster has controllers that the scenario does not name: ${unknown.join(', ')}`,
      { hint: 'cluster.controllers names the services that are controllers and not brokers' },
    )
  const idle = controllers.filter(id => !voters.includes(id))
  if (idle.length > 0)
    throw new LossproofError(
      'capability-missing',
      `cluster.controllers: ${idle.join(', ')} has no vote in this cluster`,
      {
        hint: `controllers of the cluster: ${voters.join(', ') || 'none'}`,
      },
    )
}

async function votersOf(brokers: readonly AdvertisedBroker[]): Promise<number[]> {
  const [first] = brokers
  if (first === undefined) return []
  await using broker = new OwnBroker(first.address, votersLimitMs)
  return await broker.voters()
}

/** By broker. Each broker has one container, and each container is a broker. */
export function containersOf(
  brokers: readonly AdvertisedBroker[],
  containers: readonly ProjectContainer[],
  services: readonly string[],
  isReached = isReachedAt,
): Map<number, ProjectContainer> {
  const found = new Map<number, ProjectContainer>()
  for (const broker of brokers) {
    const { id, address } = broker
    const port = Number(address.slice(address.lastIndexOf(':') + 1))
    const matches = containers.filter(
      container =>
        nodeIdOf(container.environment) === id ||
        (nodeIdOf(container.environment) === undefined && container.published.includes(port)),
    )
    const [match] = matches
    if (match === undefined || matches.length > 1)
      throw new LossproofError(
        'capability-missing',
        `broker ${id}, which advertises ${address}, belongs to ${
          matches.length === 0
            ? `none of the services ${services.join(', ')}`
            : `several containers: ${matches.map(({ name }) => name).join(', ')}`
        }`,
        { hint: `cluster.brokers has to name the services of all brokers; ${idVariables[0]} of each tells its number` },
      )
    if (!isReached(match, broker)) throw elsewhere(id, address, match)
    found.set(id, match)
  }
  const idle = containers.find(container => ![...found.values()].includes(container))
  if (idle !== undefined)
    throw new LossproofError(
      'capability-missing',
      `the service "${idle.service}" (${idle.name}) is not a broker of this cluster`,
      {
        hint: `brokers: ${brokers.map(({ id, address }) => `${id} at ${address}`).join(', ')}`,
      },
    )
  return found
}

function elsewhere(id: number, address: string, { name, service, published }: ProjectContainer): LossproofError {
  return new LossproofError(
    'capability-missing',
    `broker ${id} advertises ${address}, which is no address of the container ${name} of the service "${service}"`,
    {
      hint: `the cluster that answers has to be the project; ports that it publishes: ${published.join(', ') || 'none'}`,
    },
  )
}

/** By a port that it publishes, an address of its own, or its name. One on the host's network has neither. */
function isReachedAt(
  { published, addresses, service, name }: ProjectContainer,
  { address }: AdvertisedBroker,
): boolean {
  const [host, port] = [address.slice(0, address.lastIndexOf(':')), Number(address.slice(address.lastIndexOf(':') + 1))]
  const isOnHost = published.length === 0 && addresses.length === 0
  return isOnHost || published.includes(port) || [...addresses, service, name].includes(host)
}
