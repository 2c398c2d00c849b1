/** What Lossproof sets by itself, as text for the terminal: one line for each reason. */
import type { HarnessDefault, Plan } from '../../../model/plan.ts'
import { systemLabel } from '../words/systems.ts'

export function describeHarnessDefaults({ setByHarness = [], trials }: Plan): string[] {
  const groups = Map.groupBy(setByHarness, ({ system, node }) => `${systemLabel(system)}: ${node}`)
  return [...groups].flatMap(([title, settings]) => [
    `set by Lossproof where the scenario gives no value (${title}; cluster.defaults: system leaves it out):`,
    ...[...Map.groupBy(settings, ({ reason }) => reason)].map(
      ([reason, alike]) => `  ${alike.map(setting => inWords(setting, trials)).join(', ')}: ${reason}`,
    ),
    '',
  ])
}

/** `num.io.threads=4 (default 8)`; with the number of trials where not all trials of the system have it. */
function inWords({ system, name, value, systemDefault, kind, trials }: HarnessDefault, plan: Plan['trials']): string {
  const byDefault = systemDefault === undefined ? '' : ` (default ${systemDefault})`
  const all = plan.filter(trial => trial.system === system).length
  const some = trials.length === all ? '' : ` in ${trials.length} of ${all} trials`
  return `${name}=${String(value)}${byDefault}${some}${kind === 'reserved' ? ', always' : ''}`
}
