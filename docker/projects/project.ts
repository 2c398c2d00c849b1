/** Finds the containers of a docker-compose project on the engine, by the labels that compose gives them. Changes nothing. */
import type Dockerode from 'dockerode'
import { realpathSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { LossproofError } from '../../model/errors.ts'
import { suggestion } from '../../model/nearest.ts'

export const projectLabel = 'com.docker.compose.project'
const filesLabel = 'com.docker.compose.project.config_files'
const serviceLabel = 'com.docker.compose.service'

export interface ProjectContainer {
  id: string
  /** As `docker ps` prints it. */
  name: string
  service: string
  /** Its image, as the engine knows it. */
  image: string
  /** `running`, `paused`, `exited`… */
  state: string
  environment: Readonly<Record<string, string>>
  /** Ports of this host at which its ports are published. */
  published: readonly number[]
  /** In each of its networks. */
  addresses: readonly string[]
  /** Names of the volumes that it mounts, and where. */
  volumes: readonly { name: string; at: string }[]
  /** Names of its networks. */
  networks: readonly string[]
}

export interface Project {
  name: string
  containers: readonly ProjectContainer[]
}

export interface WantedProject {
  /** The compose file. */
  file: string
  /** Name of the project, where the file does not tell it. */
  project?: string | undefined
  services: readonly string[]
}

/**
 * The containers of the wanted services, all of them running. Throws LossproofError('capability-missing') that says what was
 * found instead.
 */
export async function findProject(docker: Dockerode, wanted: WantedProject): Promise<Project> {
  const all = await docker.listContainers({ all: true, filters: { label: [projectLabel, serviceLabel] } })
  const name = nameOf(
    wanted,
    all.map(({ Labels: labels }) => labels),
  )
  const members = all.filter(({ Labels: labels }) => labels[projectLabel] === name)
  if (members.length === 0) {
    const others = [...new Set(all.map(({ Labels: labels }) => labels[projectLabel] ?? ''))]
    throw new LossproofError('capability-missing', `the engine has no container of the compose project "${name}"`, {
      hint:
        `start it first: docker compose -f ${wanted.file} up -d; ` +
        (others.length === 0
          ? 'no project runs here'
          : `projects here: ${others.join(', ')}; cluster.project names one`),
    })
  }
  const services = [...new Set(members.map(({ Labels: labels }) => labels[serviceLabel] ?? ''))]
  const missing = wanted.services.find(service => !services.includes(service))
  if (missing !== undefined)
    throw new LossproofError(
      'capability-missing',
      `the compose project "${name}" has no container of the service "${missing}"`,
      { hint: suggestion(missing, services, `services with containers: ${services.join(', ')}`) },
    )
  const chosen = members.filter(({ Labels: labels }) => wanted.services.includes(labels[serviceLabel] ?? ''))
  const containers = await Promise.all(chosen.map(async ({ Id: id }) => inspected(docker, id)))
  const stopped = containers.find(({ state }) => state !== 'running')
  if (stopped !== undefined)
    throw new LossproofError(
      'capability-missing',
      `the container ${stopped.name} of the service "${stopped.service}" is ${stopped.state}; a test begins with all of them running`,
      { hint: `docker compose -f ${wanted.file} up -d` },
    )
  return { name, containers }
}

/** The containers of services of a project, in whatever state. */
export async function projectContainers(
  docker: Dockerode,
  name: string,
  services: readonly string[],
): Promise<Dockerode.ContainerInfo[]> {
  const found = await docker.listContainers({
    all: true,
    filters: { label: [`${projectLabel}=${name}`, serviceLabel] },
  })
  return found.filter(({ Labels: labels }) => services.includes(labels[serviceLabel] ?? ''))
}

/**
 * As compose names it: by the option, by the containers that were made from this file, or by the folder of the file. A project
 * of which the containers were made from other files is not meant.
 */
function nameOf({ file, project }: WantedProject, labels: readonly Record<string, string>[]): string {
  if (project !== undefined) return project
  const path = realPath(file)
  const filesOf = (found: Record<string, string>) => (found[filesLabel] ?? '').split(',').filter(name => name !== '')
  const made = labels.filter(found => filesOf(found).some(name => realPath(name) === path))
  const names = [...new Set(made.map(found => found[projectLabel] ?? ''))]
  const hint = 'cluster.project names the one to test'
  if (names.length > 1)
    throw new LossproofError('capability-missing', `several projects were started from ${file}: ${names.join(', ')}`, {
      hint,
    })
  const [name] = names
  if (name !== undefined) return name
  const guessed = basename(dirname(path))
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]/g, '')
  const other = labels.find(found => found[projectLabel] === guessed && filesOf(found).length > 0)
  if (other !== undefined)
    throw new LossproofError(
      'capability-missing',
      `the project "${guessed}" was started from ${other[filesLabel] ?? ''}, and not from ${path}`,
      { hint },
    )
  return guessed
}

function realPath(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    return resolve(file)
  }
}

async function inspected(docker: Dockerode, id: string): Promise<ProjectContainer> {
  const found = await docker.getContainer(id).inspect()
  const { Name: name, State: state, Config: config, NetworkSettings: network, Mounts: mounts } = found
  const bindings = Object.values(network.Ports ?? {}).flatMap(published => published ?? [])
  return {
    id,
    name: name.replace(/^\//, ''),
    service: config.Labels[serviceLabel] ?? '',
    image: found.Image,
    state: state.Status,
    environment: Object.fromEntries(
      (config.Env ?? []).map(text => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]),
    ),
    published: [...new Set(bindings.map(({ HostPort: port }) => Number(port)).filter(port => port > 0))],
    volumes: mounts.flatMap(({ Name: volume, Destination: at }) =>
      volume === undefined ? [] : [{ name: volume, at }],
    ),
    networks: Object.keys(network.Networks),
    addresses: Object.values(network.Networks).flatMap(({ IPAddress: address }) => (address === '' ? [] : [address])),
  }
}
