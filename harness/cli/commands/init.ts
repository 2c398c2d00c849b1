import { existsSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { AuditRow } from '../../../model/audit.ts'
import { LossproofError, messageOf } from '../../../model/errors.ts'
import { nearest } from '../../../model/nearest.ts'
import { systemFacts } from '../../../systems/index.ts'
import { initScenario, probeFor } from '../../audit/init/init-scenario.ts'
import { fixText, outcomeText, whyText, worstFirst } from '../../report/audit/words.ts'
import { configurationOptions, readFiles } from '../options/configuration-options.ts'
import type { ConfigurationArguments } from '../options/configuration-options.ts'
import { loadProbes, refuseUnknownProbes } from '../options/probes.ts'
import { standardInput } from '../options/standard-input.ts'
import { readAudit } from '../reporting/reported-run.ts'
import type { Command } from '../help/command.ts'

type Arguments = ConfigurationArguments & {
  out: string
  run: string | undefined
  probe: string | undefined
}

const usualFile = 'lossproof-scenario.yaml'

export const initCommand: Command<Arguments> = {
  builder: yargs =>
    configurationOptions(yargs)
      .option('out', {
        type: 'string',
        requiresArg: true,
        default: usualFile,
        describe: 'The file to write, which must not exist; - for standard output',
      })
      .option('run', {
        type: 'string',
        requiresArg: true,
        describe: 'Folder of an audit: the scenario repeats what it found',
      })
      .option('probe', {
        type: 'string',
        requiresArg: true,
        describe: 'The fault schedule of this probe; lossproof audit --dry-run lists them',
      }),
  handler: args => {
    refuseRepeated({ ...args })
    const { out } = args
    // The parser knows `-` as a file to read.
    const isPrinted = out === '-' || out === standardInput
    if (!isPrinted) refuseToReplace(out)
    const text = scenarioOf(args)
    if (isPrinted) {
      process.stdout.write(text)
      return
    }
    write(out, text)
    process.stdout.write(`${out} is written. Next:\n  lossproof plan ${out}\n  lossproof run ${out}\n`)
  },
}

/** Both take several values in other commands. */
function refuseRepeated(args: Readonly<Record<string, unknown>>): void {
  const repeated = ['run', 'probe'].find(name => Array.isArray(args[name]))
  if (repeated !== undefined)
    throw new LossproofError('usage', `--${repeated} is given twice; a scenario has one schedule`)
}

function refuseToReplace(out: string): void {
  if (existsSync(out))
    throw new LossproofError('usage', `--out ${out}: it exists and is left unchanged`, { hint: 'name a new file' })
}

/** `wx`: a file that another process has written meanwhile is left unchanged, too. */
function write(out: string, text: string): void {
  try {
    writeFileSync(out, text, { flag: 'wx' })
  } catch (error) {
    throw new LossproofError('usage', `--out ${out}: cannot be written: ${messageOf(error)}`, { cause: error })
  }
}

function scenarioOf(args: Arguments): string {
  const { configuration } = readFiles(args)
  const probes = loadProbes(configuration.system)
  if (args.probe !== undefined) refuseUnknownProbes('--probe', [args.probe], probes)
  const row = args.run === undefined ? undefined : rowOf(args.run, configuration.system, args.probe)
  const facts = systemFacts(configuration.system).audit
  return initScenario(configuration, {
    probe: probeFor(configuration, probes, facts, row?.probe.id ?? args.probe),
    facts,
    ...(row?.fix ? { fix: row.fix.settings } : {}),
    ...(row && args.run !== undefined ? { finding: findingOf(row, args.run) } : {}),
  })
}

/** The wanted probe of an audit, or the one with the worst result. */
function rowOf(folder: string, system: string, wanted: string | undefined): AuditRow {
  const result = existsSync(folder) ? readAudit(folder) : undefined
  if (!result)
    throw new LossproofError('usage', `--run ${folder}: no folder of an audit`, {
      hint: 'lossproof audit <files> prints the folder that it writes',
    })
  if (result.plan.system !== system)
    throw new LossproofError('usage', `--run ${folder}: an audit of another system than the files`, {
      hint: 'give the files that were audited',
    })
  const row = worstFirst(result.rows).find(({ probe }) => wanted === undefined || probe.id === wanted)
  if (row) return row
  const ids = result.rows.map(({ probe }) => probe.id)
  const word = wanted === undefined ? undefined : nearest(wanted, ids)
  throw new LossproofError('usage', `--run ${folder}: this audit has no result of ${wanted ?? 'any probe'}`, {
    hint: word === undefined ? `it has: ${ids.join(', ') || 'nothing'}` : `did you mean "${word}"?`,
  })
}

function findingOf(row: AuditRow, folder: string): string[] {
  const why = whyText(row)
  const fix = fixText(row)
  return [
    `The audit ${basename(folder)}: ${outcomeText(row)}${why === '' ? '' : `, ${why}`}.`,
    ...(fix === '' ? [] : [`Fix: ${fix}.`]),
  ]
}
