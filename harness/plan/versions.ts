/** Whether the versions that a plan asks for can be built, and all in one run. */
import type { Trial } from '../../model/plan.ts'
import { systemFacts } from '../../systems/index.ts'
import type { ScenarioSource } from './scenario/source.ts'

export interface PlannedVersion {
  source: ScenarioSource
  trial: Trial
}

/**
 * Throws LossproofError('scenario') for a version that cannot be built, and for two versions of one image. `own`: ids of
 * the images that the user provides, whatever their version.
 */
export function checkVersions(planned: readonly PlannedVersion[], own: readonly string[]): void {
  const used = new Map<string, string>()
  for (const { source, trial } of planned) {
    const { label, planning } = systemFacts(trial.system)
    const { version } = trial.cluster
    const image = planning.imageOf(version)
    const refused = own.includes(image) ? undefined : planning.refuseVersion(version)
    if (refused !== undefined)
      throw source.settingError('cluster.version', `cluster.version: ${label} ${version} cannot be built: ${refused}`, {
        hint: `an image of your own can have any version: --image ${image}=<image>`,
      })
    const other = used.get(image) ?? version
    if (other !== version)
      throw source.settingError(
        'cluster.version',
        `cluster.version: one run can use one version of ${label}, and this plan asks for ${other} and ${version}`,
        { hint: 'run the scenarios one after the other, or choose cells with --only' },
      )
    used.set(image, version)
  }
}
