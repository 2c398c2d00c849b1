import { writeFileSync } from 'node:fs'
import type { AuditResult } from '../../../model/audit.ts'
import { ExitCode, LossproofError, messageOf } from '../../../model/errors.ts'
import type { PlannedAudit } from '../../audit/plan/planner.ts'
import { summaryLines } from '../../audit/read/index.ts'
import { usualAllowedFile, writeAllowed } from '../auditing/allowed-file.ts'
import { auditTerminal } from '../../report/audit/terminal.ts'
import { plural } from '../../report/words/numbers.ts'
import { plannerFor } from '../auditing/planner-for.ts'
import type { PlannerArguments } from '../auditing/planner-for.ts'
import type { AuditSurroundings } from '../auditing/run-audit.ts'
import { executeOptions } from '../options/execute-options.ts'
import type { ExecuteArguments } from '../options/execute-options.ts'
import { configurationOptions } from '../options/configuration-options.ts'
import { wholeNumber } from '../options/values.ts'
import { wantsColour } from '../terminal/colour.ts'
import { outputWidth } from '../terminal/width.ts'
import type { Command } from '../help/command.ts'

type Arguments = PlannerArguments & ExecuteArguments & { 'dry-run': boolean; patch: string | undefined }

export const auditCommand: Command<Arguments> = {
  builder: yargs =>
    executeOptions(configurationOptions(yargs))
      .option('probe', {
        type: 'string',
        array: true,
        requiresArg: true,
        default: [] as string[],
        describe: 'Ask only this probe; --dry-run lists them',
      })
      .option('fixes', {
        type: 'boolean',
        default: true,
        describe: 'Try settings that would keep the messages; --no-fixes is faster',
      })
      .option('allow', {
        type: 'string',
        array: true,
        requiresArg: true,
        default: [] as string[],
        describe: 'Accept the losses of this probe from now on; kept in the file of accepted risks',
      })
      .option('allowed-file', {
        type: 'string',
        requiresArg: true,
        default: usualAllowedFile,
        describe: 'The file of accepted risks',
      })
      .option('patch', {
        type: 'string',
        requiresArg: true,
        describe: 'Write the changes of your files that put the proved fixes in force to this file, for patch -p0',
      })
      .option('dry-run', {
        type: 'boolean',
        default: false,
        describe: 'Print what would be asked, without starting anything',
      })
      .option('seed', {
        type: 'string',
        requiresArg: true,
        describe: 'Seed of everything random, a whole number',
        coerce: wholeNumber('seed', 0),
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print results as JSON' }),
  handler: async args => {
    // Wrong input is refused before anything starts.
    const { planner, sources } = plannerFor(args)
    const planned = planner.first()
    if (args['dry-run']) {
      process.stdout.write(askedText(planned))
      return
    }
    process.stderr.write(askedText(planned))
    if (args.allow.length > 0) writeAllowed(args['allowed-file'], planned.audit.allowed)
    const [{ runAudit }, { execute }] = await Promise.all([
      import('../auditing/run-audit.ts'),
      import('../execute/execute.ts'),
    ])
    const surroundings: AuditSurroundings = {
      execute: async (plan, own) => execute(plan, args, own),
      say: line => process.stderr.write(`${line}\n`),
    }
    await runAudit(planner, planned, sources, surroundings, ({ folder, result }) => {
      process.exitCode = exitCodeOf(result)
      if (args.patch !== undefined) writeText(args.patch, result.patch?.diff ?? '')
      process.stdout.write(
        args.json ? ndjson(result) : auditTerminal(result, { colour: wantsColour(), folder, width: outputWidth() }),
      )
    })
  },
}

function writeText(path: string, text: string): void {
  try {
    writeFileSync(path, text)
  } catch (error) {
    throw new LossproofError('capability-missing', `${path}: cannot be written: ${messageOf(error)}`, { cause: error })
  }
}

function askedText({ plan, audit }: PlannedAudit): string {
  return [
    ...summaryLines(audit),
    ...audit.assumptions.map(text => `assumed: ${text}`),
    `${plural(audit.probes.length, 'probe')} in ${plural(plan.trials.length, 'trial')}:`,
    ...audit.probes.map(({ id, question }) => `  ${id}: ${question}`),
    ...(audit.allowed.length > 0 ? [`accepted risks: ${audit.allowed.join(', ')}`] : []),
    ...(audit.notAsked.length > 0 ? ['not asked:'] : []),
    ...audit.notAsked.map(({ id, reason }) => `  ${id}: ${reason}`),
    '',
  ].join('\n')
}

function exitCodeOf({ verdict }: AuditResult): number {
  if (verdict === 'violated') return ExitCode.violated
  return verdict === 'held' ? ExitCode.held : ExitCode.inconclusive
}

function ndjson({ rows, ...audit }: AuditResult): string {
  return [...rows.map(row => ({ kind: 'probe', ...row })), { kind: 'audit', ...audit }]
    .map(line => `${JSON.stringify(line)}\n`)
    .join('')
}
