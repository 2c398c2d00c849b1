/** Whether the versions that a plan asks for can be built, and all in one run. */
import type { Trial } from '../../model/plan.ts'
import { systemFacts, systems } from '../../systems/index.ts'
import { isNewer } from '../../systems/shared/versions.ts'
import type { ScenarioSource } from './scenario/source.ts'

export interface PlannedVersion {
  source: ScenarioSource
  trial: Trial
}

/** No image is built for a cluster of the user's own. */
const isBuilt = ({ trial }: PlannedVersion) => trial.cluster.own === undefined

/** An image of the user's own can have any version. */
const hasOwnImage = ({ cluster }: Trial, image: string, own: readonly string[]) =>
  cluster.image !== undefined || own.includes(image)

/**
 * Throws LossproofError('scenario') for a version that cannot be built, and for two versions or images of one system.
 * `own`: ids of the images that the user provides, whatever their version.
 */
export function checkVersions(planned: readonly PlannedVersion[], own: readonly string[]): void {
  const used = new Map<string, { version: string; own: string | undefined }>()
  for (const { source, trial } of planned.filter(isBuilt)) {
    const { label, planning, images } = systemFacts(trial.system)
    const { version } = trial.cluster
    const image = images.imageFor(version).name
    const refused = hasOwnImage(trial, image, own) ? undefined : planning.refuseVersion(version)
    if (refused !== undefined)
      throw source.settingError('cluster.version', `cluster.version: ${label} ${version} cannot be built: ${refused}`, {
        hint: `an image of your own can have any version: cluster.image, or --image ${image}=<image>`,
      })
    const first = used.get(image) ?? { version, own: trial.cluster.image }
    const hint = 'run the scenarios one after the other, or choose cells with --only'
    if (first.version !== version)
      throw source.settingError(
        'cluster.version',
        `cluster.version: one run can use one version of ${label}, and this plan asks for ${first.version} and ${version}`,
        { hint },
      )
    const asked = [first.own, trial.cluster.image].map(given => given ?? 'the one of Lossproof')
    if (asked[0] !== asked[1])
      throw source.settingError(
        'cluster.image',
        `cluster.image: one run can use one image of ${label}, and this plan asks for ${asked.join(' and ')}`,
        { hint },
      )
    used.set(image, first)
  }
}

/** A sentence for each version that is newer than those that are known to be published. `own` as above. */
export function versionWarnings(planned: readonly PlannedVersion[], own: readonly string[]): string[] {
  const sentences = planned.filter(isBuilt).flatMap(({ trial }) => {
    const { label, planning, images } = systemFacts(trial.system)
    const { version } = trial.cluster
    if (hasOwnImage(trial, images.imageFor(version).name, own) || !isNewer(version, planning.versions)) return []
    return (
      `${label} ${version} is newer than the versions that this Lossproof knows, so its image can be built only if Maven ` +
      `Central has it by now. Known versions: ${planning.versions.join(', ')}`
    )
  })
  return [...new Set(sentences)]
}

/** A sentence for each image of the user's own, as above, of a system whose image the plan does not use. */
export function imageWarnings(planned: readonly PlannedVersion[], own: readonly string[]): string[] {
  const used = planned.map(({ trial }) => trial.system)
  return own.flatMap(image => {
    const system = systems.find(({ images }) => images.definitions.some(({ name }) => name === image))
    if (system === undefined || used.includes(system.id)) return []
    return `--image ${image} has no effect: no trial of this plan is about ${system.label}`
  })
}
