/** What an image is built from. Pure data: each system defines its own images in `systems/<id>/image/definition.ts`. */
export interface ImageDefinition {
  /** First part of the tag, and the name that `--image <name>=…` takes: `toxiproxy`. */
  readonly name: string
  /** Version of what the image is about; part of the tag. */
  readonly version: string
  /** The folder that holds the Dockerfile. Its TypeScript and JavaScript files are not sent to the engine. */
  readonly folder: URL
  /** Further folders for the build context, and where their files lie in it: `client/`. */
  readonly sources?: readonly { readonly folder: URL; readonly path: string }[]
  /** Arguments of the build, without `BASE`, which every build gets. */
  readonly buildArgs: Readonly<Record<string, string>>
  /** What an image of the user's own may look like in its place. Absent: it has to be one that Lossproof built. */
  readonly own?: OwnImage
}

/** Where images of others keep a system, and how their jars get into the image that Lossproof builds. */
export interface OwnImage {
  /** The image that gives Java, the start script and the client. */
  readonly base: () => ImageDefinition
  /** The folder of a Dockerfile with the arguments `IMAGE` (the user's), `BASE` (Lossproof's), `JARS` and `VERSION`. */
  readonly folder: URL
  /** A file that only images of Lossproof have. */
  readonly sign: string
  /** Folders that may hold the jars, the likely ones first. `$NAME` is a variable of the image's environment. */
  readonly jars: readonly string[]
  /** The name of a jar that every installation has; its group is the version. */
  readonly versionJar: RegExp
  /** The version of the system, where a distributor counts otherwise. */
  readonly versionOf?: (found: string) => string
}

/** References of images by the name of their definition: `{ toxiproxy: 'lossproof/toxiproxy:2.12.0-845f2070fa69' }`. */
export type ImageReferences = Readonly<Record<string, string>>
