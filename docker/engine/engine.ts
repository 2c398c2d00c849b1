/**
 * Finds the Docker engine as Docker's own tools do: DOCKER_HOST, then the configured context, then the usual sockets.
 * Testcontainers then uses the same connection.
 */
import Dockerode from 'dockerode'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { LossproofError, messageOf } from '../../model/errors.ts'

const pingLimitMs = 5000

export interface Engine {
  docker: Dockerode
  /** `unix:///var/run/docker.sock` */
  host: string
  version: string
  /** The engine's data folder, on its own host. */
  rootDir: string
  cpus: number
  memoryBytes: number
  cgroupVersion: string
  kernel: string
}

const Info = z.object({
  ServerVersion: z.string(),
  DockerRootDir: z.string().default('unknown'),
  NCPU: z.number(),
  MemTotal: z.number(),
  CgroupVersion: z.string().default('unknown'),
  KernelVersion: z.string().default('unknown'),
})

interface Candidate {
  host: string
  source: string
}

/**
 * The engine that the environment or Docker's configuration names, if any. Lossproof then uses this engine or fails: it
 * tries no other one and installs none. Throws LossproofError('engine-unreachable') for an unknown context, as Docker's
 * own client does.
 */
export function namedEngine(env: NodeJS.ProcessEnv = process.env, home: string = homedir()): Candidate | undefined {
  if (env['DOCKER_HOST']) return { host: env['DOCKER_HOST'], source: 'DOCKER_HOST' }
  const folder = env['DOCKER_CONFIG'] || join(home, '.docker')
  const context = env['DOCKER_CONTEXT'] || currentContext(folder)
  if (!context || context === 'default') return undefined
  const host = contextHost(folder, context)
  if (host === undefined) {
    throw new LossproofError('engine-unreachable', `unknown Docker context ${context} in ${folder}`, {
      hint: 'docker context ls lists the contexts; DOCKER_CONTEXT=default selects the usual sockets',
    })
  }
  return { host, source: `context ${context}` }
}

/** Where to look for an engine, in this order. Only the named engine when there is one. */
export function candidates(env: NodeJS.ProcessEnv = process.env, home: string = homedir()): Candidate[] {
  const named = namedEngine(env, home)
  if (named !== undefined) return [named]
  const runtime = env['XDG_RUNTIME_DIR']
  const sockets = [
    '/var/run/docker.sock',
    ...(runtime ? [join(runtime, 'docker.sock'), join(runtime, '.docker/run/docker.sock')] : []),
    join(home, '.docker/run/docker.sock'),
    join(home, '.docker/desktop/docker.sock'),
    join(home, '.colima/default/docker.sock'),
    join(home, '.rd/docker.sock'),
  ]
  return sockets.map(path => ({ host: `unix://${path}`, source: 'default socket' }))
}

/** Throws LossproofError('engine-unreachable') with everything that was tried. */
export async function findEngine(): Promise<Engine> {
  const tried: string[] = []
  for (const { host, source } of candidates()) {
    if (host.startsWith('unix://') && !existsSync(host.slice('unix://'.length))) {
      tried.push(`${host} (${source}): no such socket`)
      continue
    }
    try {
      return await connect(host)
    } catch (error) {
      tried.push(`${host} (${source}): ${messageOf(error)}`)
    }
  }
  throw new LossproofError('engine-unreachable', `no Docker engine answered; tried ${tried.join('; ')}`, {
    hint: tried.some(line => line.includes('EACCES'))
      ? 'join the group that owns the socket (usually docker) and log in again, or run as root'
      : 'start Docker, or set DOCKER_HOST; lossproof doctor lists what this machine can do',
  })
}

async function connect(host: string): Promise<Engine> {
  const docker = new Dockerode(optionsFor(host))
  const info = Info.parse(await withLimit(docker.info(), pingLimitMs))
  process.env['DOCKER_HOST'] = host
  // The reaper of testcontainers is an image from a registry; the janitor does its work.
  process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true'
  // Ports are published on the loopback address only. Inside a container, testcontainers would look for them on the
  // bridge.
  process.env['TESTCONTAINERS_HOST_OVERRIDE'] = '127.0.0.1'
  return {
    docker,
    host,
    version: info.ServerVersion,
    rootDir: info.DockerRootDir,
    cpus: info.NCPU,
    memoryBytes: info.MemTotal,
    cgroupVersion: info.CgroupVersion,
    kernel: info.KernelVersion,
  }
}

function optionsFor(host: string): Dockerode.DockerOptions {
  if (host.startsWith('unix://')) return { socketPath: host.slice('unix://'.length) }
  if (host.startsWith('npipe://')) return { socketPath: host.slice('npipe://'.length) }
  const url = new URL(host)
  if (url.protocol === 'ssh:')
    return { protocol: 'ssh', host: url.hostname, username: url.username, ...(url.port ? { port: url.port } : {}) }
  const certs = process.env['DOCKER_CERT_PATH']
  const secure = process.env['DOCKER_TLS_VERIFY'] !== undefined && certs !== undefined
  return {
    protocol: secure ? 'https' : 'http',
    host: url.hostname,
    port: url.port || (secure ? 2376 : 2375),
    ...(secure
      ? {
          ca: readFileSync(join(certs, 'ca.pem')),
          cert: readFileSync(join(certs, 'cert.pem')),
          key: readFileSync(join(certs, 'key.pem')),
        }
      : {}),
  }
}

function currentContext(folder: string): string | undefined {
  const parsed = z.object({ currentContext: z.string().optional() }).safeParse(readJson(join(folder, 'config.json')))
  return parsed.success ? parsed.data.currentContext : undefined
}

/** Docker stores a context in a folder named after the SHA-256 of the context's name. */
function contextHost(folder: string, name: string): string | undefined {
  const id = createHash('sha256').update(name).digest('hex')
  const Meta = z.object({ Endpoints: z.object({ docker: z.object({ Host: z.string() }) }) })
  const parsed = Meta.safeParse(readJson(join(folder, 'contexts/meta', id, 'meta.json')))
  return parsed.success ? parsed.data.Endpoints.docker.Host : undefined
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

async function withLimit<T>(promise: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs)
  })
  try {
    return await Promise.race([promise, expired])
  } finally {
    clearTimeout(timer)
  }
}
