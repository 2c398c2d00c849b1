/**
 * Makes the images exist that a run needs. A tag carries a hash of the image's content, so an image whose tag exists is
 * used as it is. The engine sets the tag at the end of a build: an interrupted build leaves no image that looks
 * complete, and the next build reuses its finished layers.
 */
import { LossproofError } from '../../model/errors.ts'
import type { Engine } from '../engine/engine.ts'
import { ensureDebian } from './base.ts'
import { build, exists } from './build.ts'
import type { BuildOptions } from './build.ts'
import type { ImageDefinition, ImageReferences } from './definition.ts'
import { adaptOwn, checkOwn } from './own-image.ts'
import type { Adapted, Jars } from './own-image.ts'
import { withBuildLock } from './lock.ts'
import { baseRecipe, debianTag, recipeOf } from './recipe.ts'
import { removeStages } from './stages.ts'
import type { Recipe } from './recipe.ts'
import { toolVersions } from './tools.ts'

export interface ImageOptions extends BuildOptions {
  /** The user's own images by name, used as they are. */
  own?: Readonly<Record<string, string>>
}

/**
 * Resolves with the reference of each wanted image. Throws LossproofError('image-build') when a build fails or when the
 * engine does not have an image of the user's own.
 */
export async function ensureImages(
  engine: Engine,
  wanted: readonly ImageDefinition[],
  options: ImageOptions,
): Promise<ImageReferences> {
  const own = options.own ?? {}
  await requireOwn(engine, own)
  const adapted = await toAdapt(engine, wanted, own)
  const bases = adapted.map(({ image }) => image.own.base())
  const recipes = [...wanted.filter(({ name }) => own[name] === undefined), ...bases].map(recipeOf)
  const missing = await missingOf(engine, recipes)
  if (missing.length > 0)
    await withBuildLock(
      // Another process may have built the same images while this one waited for the lock.
      async () => buildAll(engine, await missingOf(engine, missing), options),
      () => options.onProgress('images', 'waiting for another lossproof process that is building images'),
    )
  const tags = { ...own, ...Object.fromEntries(recipes.map(({ name, tag }) => [name, tag])) }
  for (const { image, jars } of adapted) {
    const { name } = image.definition
    tags[name] = await adaptOwn(engine.docker, image, jars, tags[name] ?? '', options)
  }
  return tags
}

/** Images of the user's own that hold the system and nothing of Lossproof. */
async function toAdapt(
  engine: Engine,
  wanted: readonly ImageDefinition[],
  own: Readonly<Record<string, string>>,
): Promise<{ image: Adapted; jars: Jars }[]> {
  const adapted: { image: Adapted; jars: Jars }[] = []
  for (const definition of wanted) {
    const reference = own[definition.name]
    if (reference === undefined || definition.own === undefined) continue
    const image = { definition, own: definition.own, reference }
    const jars = await checkOwn(engine.docker, image)
    if (jars !== undefined) adapted.push({ image, jars })
  }
  return adapted
}

/** A misspelt image is an error before anything is built or started. */
async function requireOwn(engine: Engine, own: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, reference] of Object.entries(own))
    if (!(await exists(engine.docker, reference)))
      throw new LossproofError(
        'image-build',
        `${reference}, your image of ${name}: the Docker engine has no such image`,
        {
          hint: `docker images lists those that it has; docker pull ${reference} fetches one from a registry`,
        },
      )
}

async function missingOf(engine: Engine, recipes: readonly Recipe[]): Promise<Recipe[]> {
  const found = await Promise.all(recipes.map(async ({ tag }) => exists(engine.docker, tag)))
  return recipes.filter((_, at) => found[at] === false)
}

async function buildAll(engine: Engine, missing: readonly Recipe[], options: ImageOptions): Promise<void> {
  if (missing.length === 0) return
  const started = performance.now()
  try {
    await ensureBase(engine, options)
    const results = await Promise.allSettled(missing.map(async recipe => build(engine.docker, recipe, options)))
    for (const result of results) if (result.status === 'rejected') throw result.reason
  } catch (error) {
    // An interrupted build fails in many ways; the interruption is what the user wants to read.
    options.signal?.throwIfAborted()
    throw error
  }
  // A failed build keeps its stages, because the next attempt continues with them.
  await removeStages(engine.docker)
  const names = missing.map(({ name }) => name).join(', ')
  options.onProgress('images', `built ${names} in ${Math.round((performance.now() - started) / 1000)} s`)
}

async function ensureBase(engine: Engine, options: ImageOptions): Promise<void> {
  const base = baseRecipe()
  if (await exists(engine.docker, base.tag)) return
  if (!(await exists(engine.docker, debianTag)))
    await ensureDebian(engine.docker, debianTag, toolVersions.debian, line => options.onProgress('base', line))
  await build(engine.docker, base, options)
}
