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
}

/** References of images by the name of their definition: `{ toxiproxy: 'lossproof/toxiproxy:2.12.0-845f2070fa69' }`. */
export type ImageReferences = Readonly<Record<string, string>>
