/** Audits configuration files from a program. */
import type { AuditResult } from '../../model/audit.ts'
import { usualAllowedFile } from '../cli/auditing/allowed-file.ts'
import { plannerFor } from '../cli/auditing/planner-for.ts'
import { runAudit } from '../cli/auditing/run-audit.ts'
import { carryOut } from '../cli/execute/execute.ts'
import { executeArguments } from './run-scenario.ts'
import type { ExecuteOptions } from './run-scenario.ts'
import { withSurroundings } from './surroundings.ts'

export interface AuditOptions extends ExecuteOptions {
  /** Ids of the probes to ask; all when absent. */
  probes?: readonly string[]
  /** Whether settings are tried that would keep the messages; true when absent. */
  fixes?: boolean
  /** Ids of probes whose losses are accepted, beside those in `allowedFile`. */
  allow?: readonly string[]
  /** The file of accepted risks; `lossproof-allowed.json` when absent. */
  allowedFile?: string
  /** The topic to test, when the files have several. */
  topic?: string
  /** Id of the client library, when the files do not name it. */
  client?: string
  /** Version of the system to test; the newest that Lossproof knows when absent. */
  systemVersion?: string
  seed?: number
}

/** The result of an audit. `rows` has one entry for each probe: what became of the messages, why, and what keeps them. */
export interface Audit extends AuditResult {
  /** Folder of the first run of the audit, an absolute path. */
  folder: string
}

/**
 * Tests configuration files of brokers and clients, as they are, against every fault. Prints nothing. Rejects with
 * LossproofError when a file cannot be tested, when this machine cannot run it, or when `signal` is aborted.
 */
export async function audit(files: string | readonly string[], options: AuditOptions = {}): Promise<Audit> {
  return withSurroundings(options, async surroundings => {
    const { planner, sources } = plannerFor({
      file: typeof files === 'string' ? [files] : [...files],
      probe: [...(options.probes ?? [])],
      allow: [...(options.allow ?? [])],
      'allowed-file': options.allowedFile ?? usualAllowedFile,
      fixes: options.fixes ?? true,
      topic: options.topic,
      client: options.client,
      'system-version': options.systemVersion,
      seed: options.seed,
    })
    const args = executeArguments(options)
    const results: Audit[] = []
    await runAudit(
      planner,
      planner.first(),
      sources,
      {
        execute: async (plan, own) =>
          (await carryOut(plan, args, surroundings, { report: async () => {}, ...own })).verdict,
        say: line => surroundings.progress.say(line),
      },
      ({ folder, result }) => void results.push({ ...result, folder }),
    )
    const [audited] = results
    if (audited === undefined) throw new Error('the audit ended without a result')
    return audited
  })
}
