/** The rule for the value at a path of a scenario. */
import type { SettingRule } from '../../../model/setting-rule.ts'
import type { ScenarioPath } from '../../../model/scenario-errors.ts'
import { systems } from '../../../systems/index.ts'
import { workloadSettings } from '../workload/settings.ts'

/** `system`: id of the scenario's system, which decides about cluster settings. Undefined where no rule applies. */
export function ruleAt(path: ScenarioPath, system: string): SettingRule | undefined {
  const [place, setting = ''] = path.slice(-2)
  if (place === 'workload') return workloadSettings[setting]
  if (place !== 'cluster') return undefined
  return systems.find(({ id }) => id === system)?.planning.clusterSettings[setting]
}
