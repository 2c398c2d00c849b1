/** Options of every command that runs trials. */
import type { Argv } from 'yargs'
import { wholeNumber } from './values.ts'

export interface ExecuteArguments {
  results: string
  parallel: number | undefined
  keep: boolean
  'fresh-clusters': boolean
  'skip-missing': boolean
  image: string[]
  json: boolean
  /** The user may test the clusters that `cluster.bootstrap` names. */
  'i-own-this-cluster'?: boolean | undefined
  /** A file of known violations, for the reports. */
  baseline?: string | undefined
  /** The folder of a run that ended early, to go on with. */
  resume?: string | undefined
  /** How often an inconclusive trial is run again. */
  'retry-inconclusive'?: number | undefined
  /** The address under which the run's files will be found. */
  'artifact-url'?: string | undefined
}

export const retryInconclusive = {
  type: 'string',
  requiresArg: true,
  describe: 'Run an inconclusive trial again, up to this many times; every try is reported',
  coerce: wholeNumber('retry-inconclusive', 0),
} as const

export const artifactUrl = {
  type: 'string',
  requiresArg: true,
  describe: "The address of the run's folder, for links in summary.md and junit.xml",
} as const

export const resultsOption = {
  type: 'string',
  requiresArg: true,
  default: 'results',
  describe: "Folder in which the run's own folder is made",
} as const

export const imageOption = {
  type: 'string',
  array: true,
  requiresArg: true,
  default: [] as string[],
  describe: 'An image of your own in place of one that is built: <name>=registry/image:tag',
} as const

export function executeOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('results', resultsOption)
    .option('parallel', {
      type: 'string',
      requiresArg: true,
      describe: 'Trials (clusters) at once (default: 3 on two cores with 9 GiB; fewer on less)',
      coerce: wholeNumber('parallel', 1),
    })
    .option('fresh-clusters', {
      type: 'boolean',
      default: false,
      describe:
        'Start a new cluster for each trial; without it, trials that need the same cluster can use it one after the other',
    })
    .option('keep', {
      type: 'boolean',
      default: false,
      describe: 'Leave the clusters running; lossproof clean removes them',
    })
    .option('skip-missing', {
      type: 'boolean',
      default: false,
      describe: 'Run what this machine can run; cells that need more are inconclusive',
    })
    .option('image', imageOption)
    .option('i-own-this-cluster', {
      type: 'boolean',
      default: false,
      describe:
        'You may test the cluster that cluster.bootstrap names: topics are created there, and removed at the end',
    })
}
