/**
 * Images of the user's own. One that Lossproof built, or that was made from one of those, runs as it is. From any other
 * the jars are taken: Lossproof starts them with its own script, which knows where disks, links and logs have to be.
 */
import type Dockerode from 'dockerode'
import { basename, posix } from 'node:path'
import { extract } from 'tar-stream'
import { LossproofError } from '../../model/errors.ts'
import { engineStatus } from '../engine/errors.ts'
import { labelsOf } from '../engine/labels.ts'
import { build, exists } from './build.ts'
import type { BuildOptions } from './build.ts'
import { filesOf, hashOf } from './context.ts'
import type { ImageDefinition, OwnImage } from './definition.ts'

export interface Jars {
  /** The folder that holds them. */
  folder: string
  /** As the name of a jar gives it: `4.1.0`, `4.1.0-acme`. */
  version: string
}

/** What an image of the user's own holds. */
type Content = { kind: 'ready' } | { kind: 'jars'; jars: Jars } | { kind: 'nothing'; looked: string[] }

/** An image of the user's own in place of one that Lossproof builds. */
export interface Adapted {
  definition: ImageDefinition
  own: OwnImage
  /** The user's image. */
  reference: string
}

/**
 * The jars to take from the image; undefined: it runs as it is. Throws LossproofError('usage') for an image without the
 * system, or with another version of it.
 */
export async function checkOwn(docker: Dockerode, adapted: Adapted): Promise<Jars | undefined> {
  const content = await contentOf(docker, adapted)
  if (content.kind === 'ready') return undefined
  const { definition, reference } = adapted
  const { name, version } = definition
  if (content.kind === 'nothing')
    throw new LossproofError('usage', `${reference}: found no jars of ${name} in ${content.looked.join(', ')}`, {
      hint: 'docs/own-image.md says what an image has to offer',
    })
  const { jars } = content
  if (!isSameVersion(jars.version, version))
    throw new LossproofError(
      'usage',
      `${reference} holds version ${jars.version} (in ${jars.folder}), and this run is planned for ${version}`,
      { hint: `cluster.version: ${jars.version} in the scenario, or --set cluster.version=${jars.version}` },
    )
  return jars
}

/**
 * Puts the jars of the user's image into `base`, the image that Lossproof builds. Resolves with the tag, which names the
 * content: when the user moves their tag to another image, this one is built again.
 */
export async function adaptOwn(
  docker: Dockerode,
  { definition, own, reference }: Adapted,
  jars: Jars,
  base: string,
  options: BuildOptions,
): Promise<string> {
  const { name } = definition
  const { Id: id } = await docker.getImage(reference).inspect()
  const files = filesOf({ folder: own.folder })
  const buildArgs = { BASE: base, IMAGE: reference, JARS: jars.folder, VERSION: jars.version }
  const tag = `lossproof/${name}:own-${hashOf(files, { ...buildArgs, IMAGE: id })}`
  if (!(await exists(docker, tag))) await build(docker, { name, tag, files, buildArgs }, options)
  return tag
}

/** `4.1.0-acme` and `4.1.0` are the same; so are `3.6.1` and `3.6`, where nobody knows more of one. */
function isSameVersion(one: string, other: string): boolean {
  const [a = [], b = []] = [one, other].map(version => /^\d+(\.\d+)*/.exec(version)?.[0].split('.') ?? [version])
  return a.slice(0, b.length).join('.') === b.slice(0, a.length).join('.')
}

/** Looks into the image without starting it. */
async function contentOf(docker: Dockerode, { own, reference }: Adapted): Promise<Content> {
  const { Config: config } = await docker.getImage(reference).inspect()
  const variables = new Map((config.Env ?? []).map(entry => splitAt(entry, '=')))
  const container = await docker.createContainer({
    Image: reference,
    Labels: labelsOf('own-image'),
    Entrypoint: ['true'],
    Cmd: [],
  })
  try {
    if (await holds(container, own.sign)) return { kind: 'ready' }
    const folders = own.jars.flatMap(folder => withVariables(folder, variables) ?? [])
    for (const folder of folders) {
      const version = await versionIn(container, folder, own.versionJar)
      if (version !== undefined) return { kind: 'jars', jars: { folder, version: own.versionOf?.(version) ?? version } }
    }
    return { kind: 'nothing', looked: folders }
  } finally {
    await container.remove({ force: true })
  }
}

const splitAt = (text: string, mark: string): [string, string] => {
  const at = text.indexOf(mark)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

/** `$HOME/lib` with the variables of the image; undefined where one is not set, or is no plain path. */
function withVariables(folder: string, variables: ReadonlyMap<string, string>): string | undefined {
  const path = folder.replaceAll(/\$([A-Z_]+)/g, (_, name: string) => variables.get(name) ?? '\0')
  return /^\/[\w./-]+$/.test(path) ? posix.normalize(path) : undefined
}

async function holds(container: Dockerode.Container, path: string): Promise<boolean> {
  try {
    await container.infoArchive({ path })
    return true
  } catch (error) {
    if (engineStatus(error) === 404) return false
    throw error
  }
}

/** The version in the name of the jar that `pattern` describes; undefined where the folder has none. */
async function versionIn(container: Dockerode.Container, folder: string, pattern: RegExp): Promise<string | undefined> {
  let archive: NodeJS.ReadableStream
  try {
    archive = await container.getArchive({ path: `${folder}/.` })
  } catch (error) {
    if (engineStatus(error) === 404) return undefined
    throw error
  }
  const entries = extract()
  archive.pipe(entries)
  let version: string | undefined
  for await (const entry of entries) {
    version ??= pattern.exec(basename(entry.header.name))?.[1]
    entry.resume()
  }
  return version
}
