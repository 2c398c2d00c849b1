/** When a stored run was run, how long it took, and with which versions: what its reports print beside the verdict. */
import type { RunFacts } from '../../report/formats/run-facts.ts'
import { tryRunFile, versionsIn } from './reported-run.ts'

/** Tools that take part in every run, whatever the system. */
const alwaysNamed = ['toxiproxy', 'engine', 'node']

export function factsOf(folder: string): RunFacts {
  const file = tryRunFile(folder)
  if (file === undefined) return { versions: versionsIn(folder), trials: new Map() }
  const { plan, versions, started, tookMs, trials } = file
  const ofSystems = [...Map.groupBy(plan.trials, ({ system }) => system)].map(([system, members]) => [
    system,
    [...new Set(members.map(({ cluster }) => (cluster.own === undefined ? cluster.version : 'your own cluster')))].join(
      ', ',
    ),
  ])
  const tools = alwaysNamed.flatMap(name => (versions[name] === undefined ? [] : [[name, versions[name]]]))
  return {
    ...(started === undefined ? {} : { started }),
    ...(tookMs === undefined ? {} : { tookMs }),
    versions: Object.fromEntries([...ofSystems, ...tools]),
    trials: new Map(
      Object.entries(trials).map(([id, trial]) => [
        id,
        {
          ...(trial.started === undefined ? {} : { started: trial.started }),
          tookMs: Object.values(trial.phases).reduce((sum, ms) => sum + ms, 0),
        },
      ]),
    ),
  }
}
