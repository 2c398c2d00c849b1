/** Plans, runs and judges scenarios from a program. */
import type { z } from 'zod'
import { LossproofError } from '../../model/errors.ts'
import type { Plan, Settings } from '../../model/plan.ts'
import { planOf } from '../cli/commands/plan.ts'
import { carryOut } from '../cli/execute/execute.ts'
import { checkRunFolder } from '../cli/judging/check-folder.ts'
import type { ExecuteArguments } from '../cli/options/execute-options.ts'
import { loadScenarios, nameOf } from '../cli/options/scenarios.ts'
import { writeReports } from '../cli/reporting/report-files.ts'
import { removeUnneeded } from '../cli/reporting/report-run.ts'
import type { Scenario } from '../plan/scenario/schema.ts'
import { ScenarioSource } from '../plan/scenario/source.ts'
import { runOf } from './result.ts'
import type { Run } from './result.ts'
import { asLossproofError, withSurroundings } from './surroundings.ts'
import type { CallOptions } from './surroundings.ts'

/** A scenario as data, with the keys of a scenario file. */
export type ScenarioInput = z.input<typeof Scenario>

/** A file, a name that ships with Lossproof such as `quick`, or a scenario as data; or several of them. */
export type Scenarios = string | ScenarioInput | readonly (string | ScenarioInput)[]

export interface PlanOptions {
  /** Only cells with these settings, such as `acks=1`. */
  only?: string
  /** `place.setting` → value, for every cell. */
  set?: Settings
  /** Seed of everything random; 1 when absent. */
  seed?: number
}

/** What every call that runs trials takes. */
export interface ExecuteOptions extends CallOptions {
  /** Folder in which the run's own folder is made; `results` when absent. */
  results?: string
  /** Trials (clusters) at once; when absent 3 on two cores with 9 GiB, fewer on less. */
  parallel?: number
  /** Start a new cluster for each trial. */
  freshClusters?: boolean
  /** Leave the clusters running; `lossproof clean` removes them. */
  keep?: boolean
  /** Run what this machine can run; cells that need more are inconclusive. */
  skipMissing?: boolean
  /** Images of your own in place of those that are built: `{ <name>: 'registry/image:tag' }`. */
  images?: Readonly<Record<string, string>>
  /** You may test the cluster that `cluster.bootstrap` of the scenario names. */
  iOwnThisCluster?: boolean
}

export interface RunOptions extends PlanOptions, ExecuteOptions {}

/**
 * The plan of scenarios. Starts nothing. Throws LossproofError: 'usage' for an unknown name, 'scenario' for a wrong scenario,
 * with its file and line.
 */
export function plan(scenarios: Scenarios, { only, set = {}, seed }: PlanOptions = {}): Plan {
  const all = typeof scenarios === 'object' && 'length' in scenarios ? scenarios : [scenarios]
  const words = all.filter(one => typeof one === 'string')
  try {
    const given = all.filter(one => typeof one !== 'string').map(one => ScenarioSource.of('the given scenario', one))
    const name = nameOf([...words, ...given.map(({ scenario }) => scenario.name)])
    const sets = Object.entries(set).map(([setting, value]) => `${setting}=${JSON.stringify(value)}`)
    const sources = [...loadScenarios(words), ...given]
    return planOf(name, sources, { only, set: sets, seed, shard: undefined, json: false })
  } catch (error) {
    throw asLossproofError(error)
  }
}

/** The plan of one scenario that a call has made by itself. `name` stands for it in errors, which are errors of usage. */
export function planOwn(name: string, scenario: ScenarioInput): Plan {
  try {
    const sources = [ScenarioSource.of(name, scenario)]
    return planOf(scenario.name, sources, { only: undefined, set: [], seed: undefined, shard: undefined, json: false })
  } catch (error) {
    const { code, message, hint } = asLossproofError(error)
    throw new LossproofError(code === 'scenario' ? 'usage' : code, message, { hint, cause: error })
  }
}

/**
 * Runs scenarios on real clusters and judges every cell. Resolves whatever the verdict is. Prints nothing, and installs
 * nothing on this machine. Rejects with LossproofError when a scenario is wrong, when this machine cannot run it, or when
 * `signal` is aborted.
 */
export async function runScenario(scenarios: Scenarios, options: RunOptions = {}): Promise<Run> {
  const planned = plan(scenarios, options)
  return withSurroundings(options, async surroundings => {
    let folder = ''
    const { verdict } = await carryOut(planned, executeArguments(options), surroundings, {
      report: async (made, judged, say) => {
        folder = made
        // First, because the page links to the files that stay.
        removeUnneeded(made, judged.verdict)
        await writeReports(made, judged.verdict, { timelines: judged.timelines, say })
      },
    })
    return runOf(verdict, folder)
  })
}

/**
 * Judges the stored run in `folder` from its history alone, without Docker, and writes nothing. Rejects with LossproofError:
 * 'usage' when the folder is no run, 'history' when its files are damaged, with file and line.
 */
export async function check(folder: string): Promise<Run> {
  try {
    return runOf(await checkRunFolder(folder), folder)
  } catch (error) {
    throw asLossproofError(error)
  }
}

export function executeArguments(options: ExecuteOptions): ExecuteArguments {
  const { results = 'results', parallel, keep = false, freshClusters = false, skipMissing = false, images } = options
  return {
    results,
    parallel,
    keep,
    'fresh-clusters': freshClusters,
    'skip-missing': skipMissing,
    image: Object.entries(images ?? {}).map(([name, reference]) => `${name}=${reference}`),
    json: false,
    'i-own-this-cluster': options.iOwnThisCluster ?? false,
  }
}
