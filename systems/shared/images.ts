import type { ImageDefinition } from '../../docker/images/definition.ts'

/** The images of one system, as data. */
export interface SystemImages {
  /** Used where a scenario names no version. */
  readonly defaultVersion: string
  /** One definition for each build recipe, at the version that the recipe was tested with. */
  readonly definitions: readonly ImageDefinition[]
  /** All versions that the definitions pin, libraries included; run.json records them. */
  readonly pinnedVersions: Readonly<Record<string, string>>
  /** The image for one version of the system. */
  imageFor(version: string): ImageDefinition
}
