/** What an audit asks, from the user's files and options. */
import { systemFacts } from '../../../systems/index.ts'
import { AuditPlanner } from '../../audit/plan/planner.ts'
import type { SourceText } from '../../audit/read/index.ts'
import { readFiles } from '../options/configuration-options.ts'
import type { ConfigurationArguments } from '../options/configuration-options.ts'
import { loadProbes, refuseUnknownProbes } from '../options/probes.ts'
import { readAllowed } from './allowed-file.ts'

export interface PlannerArguments extends ConfigurationArguments {
  /** Ids of the probes to ask; empty for all. */
  probe: string[]
  fixes: boolean
  /** Ids of probes whose losses are accepted, beside those of the file of accepted risks. */
  allow: string[]
  'allowed-file': string
  seed: number | undefined
}

/** Throws LossproofError('usage') for files that cannot be tested and for unknown probes. */
export function plannerFor(args: PlannerArguments): { planner: AuditPlanner; sources: SourceText[] } {
  const { configuration, sources } = readFiles(args)
  const probes = loadProbes(configuration.system)
  refuseUnknownProbes('--probe', args.probe, probes)
  refuseUnknownProbes('--allow', args.allow, probes)
  const chosen = args.probe.length === 0 ? probes : probes.filter(({ id }) => args.probe.includes(id))
  const planner = new AuditPlanner(configuration, chosen, systemFacts(configuration.system).audit, {
    seed: args.seed ?? 1,
    fixes: args.fixes,
    allowed: [...new Set([...readAllowed(args['allowed-file']), ...args.allow])],
  })
  return { planner, sources }
}
