/** The images that a plan needs. Systems define theirs; the harness adds its tools. */
import type { ImageDefinition } from '../../../docker/images/definition.ts'
import { helperImage, toolImages, toolVersions, toxiproxyImage } from '../../../docker/images/tools.ts'
import { LossproofError } from '../../../model/errors.ts'
import type { Plan, Trial } from '../../../model/plan.ts'
import { systemFacts, systems } from '../../../systems/index.ts'
import { runsIn } from '../../../workloads/clients/catalog.ts'
import { nameAndValue } from '../options/values.ts'
import { capabilitiesOf, clientsOf } from './capabilities.ts'

/** All images of all systems, and those of the tools. */
export const allImages: readonly ImageDefinition[] = [
  ...systems.flatMap(({ images }) => images.definitions),
  ...toolImages,
]

/** Names that `--image` takes. */
export const imageNames: readonly string[] = allImages.map(({ name }) => name)

const imageOf = ({ system, cluster }: Trial): ImageDefinition => systemFacts(system).images.imageFor(cluster.version)

/** The images of the plan's systems, each once, and those of the tools that it needs. */
export function wantedImages(plan: Plan): ImageDefinition[] {
  const ofSystems = new Map(
    plan.trials
      .filter(needsImage)
      .map(imageOf)
      .map(image => [image.name, image]),
  )
  const proxies = plan.trials.some(hasProxies) ? [toxiproxyImage] : []
  return [...ofSystems.values(), ...proxies, ...(capabilitiesOf(plan).length > 0 ? [helperImage] : [])]
}

/** A cluster of the user's own needs no image of ours. */
const isBuilt = ({ cluster }: Trial): boolean => cluster.own === undefined

/** A compose project gets proxies when Lossproof starts it. */
const hasProxies = ({ cluster: { own } }: Trial): boolean => own === undefined || own.compose?.attach === false

/** The image of a system holds its client in Java as well. */
const needsImage = (trial: Trial): boolean =>
  isBuilt(trial) || trial.lanes.some(lane => clientsOf(lane).some(client => runsIn(client) === 'container'))

/**
 * Images of the user's own by image name: from `--image <name>=registry/name:tag`, and from `cluster.image` of scenarios.
 * Throws LossproofError('usage') for an unknown name, and for two images where one can be used.
 */
export function ownImages(given: readonly string[], plan: Plan): Record<string, string> {
  const own: Record<string, string> = {}
  for (const text of given) {
    const parts = nameAndValue(text)
    if (!parts || parts.value === '' || !imageNames.includes(parts.name))
      throw new LossproofError(
        'usage',
        `--image ${text}: expected one of ${imageNames.map(name => `${name}=`).join(', ')} followed by an image`,
      )
    own[parts.name] = parts.value
  }
  for (const trial of plan.trials) {
    const { image } = trial.cluster
    if (image === undefined) continue
    const { name } = imageOf(trial)
    if ((own[name] ?? image) !== image)
      throw new LossproofError('usage', `--image ${name}=${own[name]} and cluster.image: ${image} name two images`, {
        hint: 'give one of them; --set cluster.image=<image> replaces that of the scenario',
      })
    own[name] = image
  }
  return own
}

/** Versions of everything that the images contain, for run.json. Throws LossproofError('usage') for two versions of one image. */
export function versionsOf(plan: Plan): Record<string, string> {
  return {
    ...toolVersions,
    ...Object.assign({}, ...systems.map(({ images }) => images.pinnedVersions)),
    ...askedVersions(plan),
  }
}

function askedVersions(plan: Plan): Record<string, string> {
  const asked = Map.groupBy(plan.trials.filter(isBuilt).map(imageOf), ({ name }) => name)
  return Object.fromEntries(
    [...asked].map(([image, wanted]) => {
      const versions = [...new Set(wanted.map(({ version }) => version))]
      if (versions.length > 1)
        throw new LossproofError(
          'usage',
          `one run takes one version of ${image}; these scenarios ask for ${versions.join(' and ')}`,
          { hint: 'run the scenarios of each version in a run of their own' },
        )
      return [image, versions[0] ?? '']
    }),
  )
}
