/** What Lossproof sets by itself in the clusters of a plan, so that nobody takes its values for those of the system. */
import type { HarnessDefault, Trial } from '../../model/plan.ts'
import { systemFacts } from '../../systems/index.ts'

/** One entry for each setting, with all trials that have it with the same value. */
export function harnessDefaults(trials: readonly Trial[]): HarnessDefault[] {
  const entries = trials.flatMap(trial => defaultsOf(trial))
  const groups = Map.groupBy(entries, entry => JSON.stringify({ ...entry, trials: [] }))
  return [...groups.values()].flatMap(([first, ...others]) =>
    first ? [{ ...first, trials: [first, ...others].flatMap(entry => entry.trials) }] : [],
  )
}

function defaultsOf(trial: Trial): HarnessDefault[] {
  const { planning } = systemFacts(trial.system)
  const known = planning.knownSettings('broker', trial.cluster.version)
  return Object.entries(planning.harnessSettings(trial)).flatMap(([node, settings]) =>
    settings.map(({ name, value, reason, kind }) => {
      const systemDefault = known[name]?.default
      const entry = { system: trial.system, node, name, value, reason, kind, trials: [trial.id] }
      return systemDefault === undefined ? entry : { ...entry, systemDefault }
    }),
  )
}
