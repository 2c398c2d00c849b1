/** A definition with everything that decides the content of its image, and the tag that follows from it. */
import { certificateFiles, filesOf, hashOf } from './context.ts'
import type { ContextFile } from './context.ts'
import type { ImageDefinition } from './definition.ts'
import { toolVersions } from './tools.ts'

export interface Recipe {
  name: string
  /** `lossproof/<name>:<version>-<hash>`: another content gives another tag. */
  tag: string
  files: ContextFile[]
  buildArgs: Record<string, string>
}

/** The tag of the Debian that the base image starts from. */
export const debianTag = `lossproof/debian:${toolVersions.debian}`

/** The image from which all others start. */
export function baseRecipe(): Recipe {
  const files = [...filesOf({ folder: new URL('base/', import.meta.url) }), ...certificateFiles()]
  return makeRecipe('base', toolVersions.debian, files, { DEBIAN: debianTag })
}

export function recipeOf(definition: ImageDefinition): Recipe {
  const { name, version, buildArgs } = definition
  return makeRecipe(name, version, filesOf(definition), { ...buildArgs, BASE: baseRecipe().tag })
}

export const tagOf = (definition: ImageDefinition): string => recipeOf(definition).tag

function makeRecipe(name: string, version: string, files: ContextFile[], buildArgs: Record<string, string>): Recipe {
  return { name, tag: `lossproof/${name}:${version}-${hashOf(files, buildArgs)}`, files, buildArgs }
}
