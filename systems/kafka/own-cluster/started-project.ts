/** A compose project of the user's that Lossproof starts for a trial, with a proxy before its brokers where they allow it. */
import type Dockerode from 'dockerode'
import { readFileSync } from 'node:fs'
import type { Labels } from '../../../docker/engine/labels.ts'
import { endOf } from '../../../docker/nodes/boot.ts'
import { demultiplex } from '../../../docker/nodes/logs.ts'
import { createNetwork } from '../../../docker/network/network.ts'
import type { TrialNetwork } from '../../../docker/network/network.ts'
import { Proxies } from '../../../docker/network/proxies.ts'
import { overrideOf, startableFile, variablesOf } from '../../../docker/projects/override.ts'
import type { ComposeFile } from '../../../docker/projects/override.ts'
import { projectContainers } from '../../../docker/projects/project.ts'
import { startProject } from '../../../docker/projects/start-project.ts'
import { LossproofError, messageOf } from '../../../model/errors.ts'
import type { ComposeProject } from '../../../model/plan.ts'
import { waitFor } from '../../../model/wait.ts'
import { clientProxyPort, clientRoles } from '../../shared/client-links.ts'
import { findOwnCluster } from './nodes.ts'
import type { FoundCluster } from './nodes.ts'
import { nodeIdOf } from './node-id.ts'
import { addedPort, cannotRedirect, redirected } from './redirect.ts'

const bootLimitMs = 120_000
const lookMs = 500
const logLines = 12

export interface StartedProject {
  /** Of the project on the engine. */
  name: string
  /** Absent where the brokers' listeners cannot be extended: clients then use the ports that the project publishes. */
  proxied?: { proxies: Proxies; network: TrialNetwork; brokers: readonly ProxiedService[] }
}

interface ProxiedService {
  id: number
  service: string
}

interface Site {
  docker: Dockerode
  /** Unique on the engine. */
  name: string
  labels: Labels
  toxiproxyImage: string
}

/** Starts the project under a name of its own. Everything that it creates has the labels of the trial. */
export async function startOwnProject(
  { file, brokers, controllers = [] }: ComposeProject,
  site: Site,
): Promise<StartedProject> {
  const parsed = startableFile(file, readFileSync(file, 'utf8'))
  const name = projectName(site.name)
  const services = [...brokers, ...controllers]
  if (whyNotProxied(parsed, brokers) !== undefined) {
    await startProject({ file, name, services, override: overrideOf(parsed, site.labels) })
    return { name }
  }
  const known = brokers.map(service => ({ service, id: nodeIdOf(variablesOf(parsed, service)) ?? -1 }))
  const network = await createNetwork(site.docker, site.name, site.labels)
  const proxies = await Proxies.start({
    image: site.toxiproxyImage,
    alias: 'lossproof-toxiproxy',
    network,
    labels: site.labels,
    publish: known.flatMap(({ id }) => clientRoles.map(role => clientProxyPort(role, id))),
  })
  const variables = Object.fromEntries(
    known.map(({ id, service }) => [
      service,
      redirected(variablesOf(parsed, service), role => proxies.portOf(clientProxyPort(role, id))),
    ]),
  )
  await startProject({ file, name, services, override: overrideOf(parsed, site.labels, variables) })
  await proxies.create(
    known.flatMap(({ id, service }) =>
      clientRoles.map(role => ({
        name: `${role}-${id}`,
        listenPort: clientProxyPort(role, id),
        upstream: `${service}:${addedPort(role)}`,
      })),
    ),
  )
  return { name, proxied: { proxies, network, brokers: known } }
}

/** Resolves when every broker answers. Throws LossproofError('capability-missing') at once when one of them has ended. */
export async function findStarted(
  docker: Dockerode,
  compose: ComposeProject,
  { name, proxied }: StartedProject,
): Promise<FoundCluster> {
  const project = { ...compose, project: name }
  const services = [...compose.brokers, ...(compose.controllers ?? [])]
  const joined = new Set<string>()
  const { signal } = new AbortController()
  return waitFor(
    { what: `the brokers of ${compose.file}`, limitMs: bootLimitMs, intervalMs: lookMs, signal },
    async () => {
      await refuseEnded(docker, name, services)
      for (const network of proxied === undefined ? [] : await networksOf(docker, name, compose.brokers))
        if (!joined.has(network)) {
          await proxied?.proxies.join(docker, network)
          joined.add(network)
        }
      try {
        const found = await findOwnCluster(docker, { bootstrap: [], compose: project }, advertisedBy(proxied))
        const seen = `${found.brokers.length} of ${compose.brokers.length} brokers`
        return found.brokers.length === compose.brokers.length ? { value: found, seen } : { seen }
      } catch (error) {
        // Brokers that start answer late, and know each other later.
        return { seen: messageOf(error) }
      }
    },
  )
}

/** By the id of the broker: the address that it gives to the observer. */
const advertisedBy = (proxied: StartedProject['proxied']): ReadonlyMap<number, string> | undefined =>
  proxied && new Map(proxied.brokers.map(({ id }) => [id, proxied.proxies.address(clientProxyPort('observer', id))]))

async function networksOf(docker: Dockerode, name: string, services: readonly string[]): Promise<string[]> {
  const found = await projectContainers(docker, name, services)
  return [...new Set(found.flatMap(({ NetworkSettings: settings }) => Object.keys(settings.Networks)))]
}

async function refuseEnded(docker: Dockerode, name: string, services: readonly string[]): Promise<void> {
  const found = await projectContainers(docker, name, services)
  const ended = found.find(({ State: state }) => ['exited', 'dead'].includes(state))
  if (ended === undefined) return
  const container = docker.getContainer(ended.Id)
  const { Config: config } = await container.inspect()
  const raw = await container.logs({ stdout: true, stderr: true, tail: logLines })
  const log = config.Tty ? raw.toString('utf8') : demultiplex(raw)
  const node = (ended.Names[0] ?? '').replace(/^\//, '')
  throw new LossproofError('capability-missing', `${node} has ended (${ended.Status}); ${endOf(log)}`)
}

/** Throws LossproofError('usage') when the project cannot be started, or links cannot be cut that a scenario cuts. */
export function checkStartable({ file, brokers }: ComposeProject, cutsLinks: boolean): void {
  const why = whyNotProxied(startableFile(file, readFileSync(file, 'utf8')), brokers)
  if (cutsLinks && why !== undefined)
    throw new LossproofError('usage', `${file}: links of clients cannot be cut: ${why}`, {
      hint: 'a proxy is put before the brokers by their variables: set their listeners there, or leave such faults out',
    })
}

/** Why clients of the brokers get no proxy, in words; undefined when they get one. */
function whyNotProxied(parsed: ComposeFile, brokers: readonly string[]): string | undefined {
  const shared = brokers.find(service => parsed.services[service]?.network_mode !== undefined)
  if (shared !== undefined) return `the service "${shared}" has a network_mode, and so no network of the project`
  return brokers.flatMap(service => cannotRedirect(service, variablesOf(parsed, service)) ?? [])[0]
}

/** Compose accepts small letters, digits, `-` and `_`. */
const projectName = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9_-]/g, '-')
