import type { ImageDefinition, ImageReferences } from '../../docker/images/definition.ts'
import { helperImage, toxiproxyImage } from '../../docker/images/tools.ts'
import { LossproofError } from '../../model/errors.ts'
import type { StartOptions } from './proxied-cluster.ts'

/** The references that one cluster needs. The helper's is empty when no fault of the run needs a helper. */
export function clusterImages(references: ImageReferences, node: ImageDefinition): StartOptions['images'] {
  const referenceOf = ({ name }: ImageDefinition) => {
    const found = references[name]
    if (found === undefined) throw new LossproofError('internal', `image ${name} was not prepared before the trial`)
    return found
  }
  return {
    node: referenceOf(node),
    toxiproxy: referenceOf(toxiproxyImage),
    helper: references[helperImage.name] ?? '',
  }
}
