import type { ArgumentsCamelCase } from 'yargs'
import { ExitCode, LossproofError } from '../../../../model/errors.ts'
import type { Trial } from '../../../../model/plan.ts'
import { outputFormats } from '../../../../workloads/clients/command/facts.ts'
import { checkConsumer } from './consumer.ts'
import { describeFindings } from './findings.ts'
import type { CheckedClient } from './findings.ts'
import { checkProducer } from './producer.ts'
import { checkTrial } from './scenario.ts'
import { startSite } from './site.ts'
import { Steps } from './steps.ts'
import type { Command } from '../../help/command.ts'
import { imageOption, resultsOption } from '../../options/execute-options.ts'
import { parseSets } from '../../options/plan-options.ts'
import { prepareMachine } from '../../prepare/prepare-machine.ts'
import { Progress } from '../../terminal/progress.ts'
import { Interruption } from '../../trials/interruption.ts'

interface Arguments {
  words: string[]
  role: 'producer' | 'consumer'
  'client-image': string | undefined
  entrypoint: string | undefined
  format: string | undefined
  set: string[]
  results: string
  image: string[]
  json: boolean
}

export const checkClientCommand: Command<Arguments> = {
  builder: yargs =>
    yargs
      .positional('words', {
        type: 'string',
        array: true,
        default: [] as string[],
        describe: 'The command, after --: lossproof check-client -- python3 producer.py',
      })
      .option('role', {
        choices: ['producer', 'consumer'] as const,
        default: 'producer' as const,
        describe: 'What it is',
      })
      .option('client-image', {
        type: 'string',
        requiresArg: true,
        describe: 'Start the command in a container of this image, on the host network',
      })
      .option('entrypoint', {
        type: 'string',
        requiresArg: true,
        describe: 'Replaces the entrypoint of --client-image',
      })
      .option('format', { choices: outputFormats, describe: 'What it prints (default: records)' })
      .option('set', {
        type: 'string',
        array: true,
        requiresArg: true,
        default: [] as string[],
        describe: 'A setting for the client: producer.acks=1',
      })
      .option('results', resultsOption)
      .option('image', imageOption)
      .option('json', { type: 'boolean', default: false, describe: 'Print results as JSON' }),
  handler: async args => {
    const { role, 'client-image': image, entrypoint, format } = args
    const words = commandOf(args)
    if (words.length === 0 && image === undefined)
      throw new LossproofError('usage', 'check-client needs a command', {
        hint: 'lossproof check-client -- python3 producer.py',
      })
    const trial = checkTrial({ role, words, image, entrypoint, format, set: parseSets(args.set) })
    const checked = await check(trial, words, args)
    process.stdout.write(args.json ? `${JSON.stringify(checked, undefined, 2)}\n` : describeFindings(checked))
    if (checked.findings.some(({ result }) => result === 'missing')) process.exitCode = ExitCode.violated
  },
}

/** The words of the command: yargs passes those behind `--` apart from the others. */
export function commandOf({ words, _: [, ...behind] }: Pick<ArgumentsCamelCase<Arguments>, 'words' | '_'>): string[] {
  return [...words, ...behind.map(String)]
}

async function check(trial: Trial, words: readonly string[], args: Arguments): Promise<CheckedClient> {
  const progress = new Progress()
  using interruption = new Interruption(line => progress.say(line))
  const { signal } = interruption
  try {
    const machine = await prepareMachine(
      { schema: 1, name: 'check-client', seed: 1, cells: [], trials: [trial], claims: [] },
      { ...args, parallel: undefined, keep: false, 'fresh-clusters': false, 'skip-missing': false },
      progress,
      signal,
    )
    progress.now('check', 'starting a cluster of one broker', true)
    await using site = await startSite(trial, machine, signal)
    const steps = new Steps(line => progress.now('check', line, true))
    if (args.role === 'producer') await checkProducer(site, steps, args.format !== 'verifiable')
    else await checkConsumer(site, steps)
    progress.done('check')
    const command = [args['client-image'], ...words].filter(word => word !== undefined).join(' ')
    return { role: args.role, command, folder: site.folder, findings: steps.findings }
  } finally {
    progress.end()
  }
}
