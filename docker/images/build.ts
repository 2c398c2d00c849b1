/**
 * Finds or builds the images. An image's tag carries a hash of everything that decides its content: when the tag
 * exists, nothing is done. Builds go through the engine's API, so that neither a Docker client nor buildx is needed;
 * the tag is given last, so an interrupted build leaves nothing that looks whole, and its finished layers are reused.
 */
import type Dockerode from 'dockerode'
import { z } from 'zod'
import { LossproofError, messageOf } from '../../model/errors.ts'
import type { Engine } from '../engine/engine.ts'
import { engineStatus } from '../engine/errors.ts'
import { ensureDebian } from './base.ts'
import { certificateFiles, filesOf, hashOf, javaClientFiles, tarOf } from './context.ts'
import type { ContextFile } from './context.ts'
import { withBuildLock } from './lock.ts'
import { versions } from './versions.ts'

export const imageNames = ['kafka', 'rocketmq', 'rocketmq4', 'toxiproxy', 'helper'] as const
export type ImageName = (typeof imageNames)[number]
/** Whose clients in Java the image holds. */
const systems: Partial<Record<ImageName, 'kafka' | 'rocketmq'>> = {
  kafka: 'kafka',
  rocketmq: 'rocketmq',
  rocketmq4: 'rocketmq',
}
const rocketmqClient = { CLIENT_VERSION: versions.rocketmqClient, JACKSON_VERSION: versions.jackson }
/** Two versions of one recipe. */
const folders: Partial<Record<ImageName, string>> = { rocketmq4: 'rocketmq' }

export interface ImageOptions {
  /** Another version of a system: `{ kafka: '4.1.1' }`. */
  versions?: Record<string, string>
  /** Images of the user's own, taken as they are. */
  own?: Partial<Record<ImageName, string>>
  onProgress: (image: string, line: string) => void
  /** Ends a build that is under way; its finished layers are kept. */
  signal?: AbortSignal | undefined
}

interface Recipe {
  name: string
  tag: string
  files: ContextFile[]
  buildArgs: Record<string, string>
}

const versionOf = (options: ImageOptions, name: keyof typeof versions) => options.versions?.[name] ?? versions[name]

/** Resolves with the reference of each wanted image. Throws LossproofError('image-build') with the step that failed. */
export async function ensureImages(
  engine: Engine,
  wanted: readonly ImageName[],
  options: ImageOptions,
): Promise<Record<ImageName, string>> {
  const found: Record<string, string> = { ...options.own }
  const recipes = wanted.filter(name => found[name] === undefined).map(name => recipeOf(name, options))
  const missing: Recipe[] = []
  for (const recipe of recipes) {
    found[recipe.name] = recipe.tag
    if (!(await exists(engine.docker, recipe.tag))) missing.push(recipe)
  }
  if (missing.length > 0) {
    await withBuildLock(
      async () => {
        const started = performance.now()
        // The lock's last holder may have built the same.
        const present = await Promise.all(missing.map(async recipe => exists(engine.docker, recipe.tag)))
        const left = missing.filter((_, at) => present[at] === false)
        if (left.length === 0) return
        await buildAll(engine, left, options).catch((error: unknown) => {
          options.signal?.throwIfAborted()
          throw error
        })
        options.onProgress(
          'images',
          `built ${left.map(recipe => recipe.name).join(', ')} in ${Math.round((performance.now() - started) / 1000)} s`,
        )
      },
      () => options.onProgress('images', 'another lossproof is building; waiting for it'),
    )
  }
  const reference = (name: ImageName) => found[name] ?? ''
  return {
    kafka: reference('kafka'),
    rocketmq: reference('rocketmq'),
    rocketmq4: reference('rocketmq4'),
    toxiproxy: reference('toxiproxy'),
    helper: reference('helper'),
  }
}

/** The tags that this version of the project uses by default. */
export function plannedTags(): string[] {
  return imageNames.map(tagOf)
}

export function tagOf(name: ImageName): string {
  return recipeOf(name, { onProgress: () => {} }).tag
}

function recipeOf(name: ImageName, options: ImageOptions): Recipe {
  const args: Record<ImageName, Record<string, string>> = {
    kafka: { KAFKA_VERSION: versionOf(options, 'kafka'), SLF4J_VERSION: versions.slf4j },
    rocketmq: { ROCKETMQ_VERSION: versionOf(options, 'rocketmq'), ...rocketmqClient },
    rocketmq4: { ROCKETMQ_VERSION: versionOf(options, 'rocketmq4'), ...rocketmqClient },
    toxiproxy: { DEBIAN_RELEASE: versions.debian, TOXIPROXY_VERSION: versions.toxiproxy },
    helper: {},
  }
  const version = name === 'helper' ? versions.debian : versionOf(options, name)
  const folder = filesOf(folders[name] ?? name)
  const system = systems[name]
  const files = system === undefined ? folder : [...folder, ...javaClientFiles(system)]
  return makeRecipe(name, version, files, { ...args[name], BASE: baseRecipe().tag })
}

function baseRecipe(): Recipe {
  return makeRecipe('base', versions.debian, [...filesOf('base'), ...certificateFiles()], {
    DEBIAN: `lossproof/debian:${versions.debian}`,
  })
}

function makeRecipe(name: string, version: string, files: ContextFile[], buildArgs: Record<string, string>): Recipe {
  return { name, tag: `lossproof/${name}:${version}-${hashOf(files, buildArgs)}`, files, buildArgs }
}

async function buildAll(engine: Engine, missing: readonly Recipe[], options: ImageOptions): Promise<void> {
  const base = baseRecipe()
  if (!(await exists(engine.docker, base.tag))) {
    const debian = `lossproof/debian:${versions.debian}`
    if (!(await exists(engine.docker, debian)))
      await ensureDebian(engine.docker, debian, versions.debian, line => options.onProgress('base', line))
    await build(engine.docker, base, options)
  }
  const results = await Promise.allSettled(missing.map(async one => build(engine.docker, one, options)))
  for (const result of results) if (result.status === 'rejected') throw result.reason
}

async function build(docker: Dockerode, { name, tag, files, buildArgs }: Recipe, options: ImageOptions): Promise<void> {
  const started = performance.now()
  options.onProgress(name, `building ${tag}`)
  const stream = await docker.buildImage(tarOf(files), {
    t: tag,
    buildargs: { ...proxyArguments(), ...buildArgs },
    labels: { 'lossproof.image': name },
    forcerm: true,
    ...(options.signal ? { abortSignal: options.signal } : {}),
  })
  await follow(stream, name, line => options.onProgress(name, line))
  if (!(await exists(docker, tag))) throw failed(name, 'the engine reported success, but the image is not there', [])
  options.onProgress(name, `built in ${Math.round((performance.now() - started) / 1000)} s`)
}

const BuildLine = z.object({
  stream: z.string().optional(),
  status: z.string().optional(),
  error: z.string().optional(),
})
const linesKept = 25

/** Reads a build's answer to its end. Exported for its test. */
export async function follow(
  stream: NodeJS.ReadableStream,
  name: string,
  onLine: (line: string) => void,
): Promise<void> {
  const last: string[] = []
  let rest = ''
  const take = (text: string) => {
    const parsed = BuildLine.safeParse(JSON.parse(text))
    if (!parsed.success) return
    const { stream: output, status, error } = parsed.data
    if (error !== undefined) throw failed(name, error.trim(), last)
    const line = (output ?? status ?? '').trimEnd()
    if (line === '') return
    last.push(line)
    if (last.length > linesKept) last.shift()
    onLine(line)
  }
  for await (const chunk of stream) {
    const lines = (rest + String(chunk)).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.trim() !== '') take(line)
  }
  if (rest.trim() !== '') take(rest)
}

function failed(name: string, what: string, last: readonly string[]): LossproofError {
  return new LossproofError(
    'image-build',
    `image ${name} could not be built: ${what}${last.length === 0 ? '' : `\n  ${last.join('\n  ')}`}`,
    {
      hint: 'run it again: finished layers are kept; or give an image of your own with --image',
    },
  )
}

/** Builds reach the world as the host does. */
function proxyArguments(): Record<string, string> {
  const names = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY']
  return Object.fromEntries(names.flatMap(name => (process.env[name] ? [[name, process.env[name]]] : [])))
}

export async function exists(docker: Dockerode, reference: string): Promise<boolean> {
  try {
    await docker.getImage(reference).inspect()
    return true
  } catch (error) {
    if (engineStatus(error) === 404) return false
    throw new LossproofError(
      'image-build',
      `the engine could not tell whether ${reference} exists: ${messageOf(error)}`,
      { cause: error },
    )
  }
}
