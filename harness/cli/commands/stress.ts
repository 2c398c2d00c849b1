import { join } from 'node:path'
import { ExitCode, LossproofError } from '../../../model/errors.ts'
import type { StressPlan, StressResult } from '../../../model/stress/stress.ts'
import { summaryLines } from '../../audit/read/index.ts'
import type { Configuration } from '../../audit/read/index.ts'
import { stressTerminal } from '../../report/stress/terminal.ts'
import { plural } from '../../report/words/numbers.ts'
import { emptyCorpus } from '../../stress/learn/corpus.ts'
import { Drawer } from '../../stress/draw/drawer.ts'
import { scheduleWords } from '../../stress/finish/words.ts'
import type { Space } from '../../stress/space.ts'
import { subjectOf } from '../../stress/subject.ts'
import { timeStamp } from '../../trial/run-plan.ts'
import { TrialSeries } from '../../trial/series.ts'
import { readFiles } from '../options/configuration-options.ts'
import { LiveLaboratory } from '../stressing/live-laboratory.ts'
import { prepareStress, wholeSpace } from '../stressing/prepare-stress.ts'
import { refuseOtherSettings, runStress } from '../stressing/run-stress.ts'
import { readCorpus, readStress, stateFolder } from '../stressing/stress-folder.ts'
import { knownFaults, parsePromises, stressOptions } from '../stressing/stress-options.ts'
import type { StressArguments } from '../stressing/stress-options.ts'
import { writeStressReports } from '../stressing/stress-reports.ts'
import { wantsColour } from '../terminal/colour.ts'
import { outputWidth } from '../terminal/width.ts'
import { Progress } from '../terminal/progress.ts'
import { Interruption } from '../trials/interruption.ts'
import { bootsAtOnce, trialsAtOnce } from '../trials/run-trials.ts'
import type { Command } from '../help/command.ts'

const usualSeed = 1
const shownDraws = 5

export const stressCommand: Command<StressArguments> = {
  builder: stressOptions,
  handler: async args => {
    // Wrong input is refused before anything starts.
    const { configuration, whole, plan, earlier } = plannedStress(args)
    const text = introduction(configuration, whole, plan)
    if (args['dry-run']) {
      process.stdout.write(`${text}${firstDraws(whole, plan)}`)
      return
    }
    process.stderr.write(text)
    const result = await carriedOut(args, whole, plan, earlier)
    process.exitCode = exitCodeOf(result)
  },
}

function plannedStress(args: StressArguments) {
  const files = [...args.file, ...args.settings.flatMap(text => text.split(','))].filter(name => name !== '')
  if (files.length === 0)
    throw new LossproofError('usage', 'stress needs configuration files', {
      hint: 'lossproof stress server.properties producer.properties --for 30m',
    })
  if (args.resume !== undefined) refuseGiven(args, args.resume)
  const { configuration } = readFiles({ ...args, file: files })
  const earlier = args.resume === undefined ? undefined : readStress(args.resume)
  const subject = subjectOf(configuration, earlier?.plan.promises ?? parsePromises(args.promise ?? []))
  const around = earlier?.plan.around ?? aroundOf(args.around)
  const except = earlier?.plan.except ?? knownFaults(args.except ?? [])
  const whole = wholeSpace(subject, { around: around !== 'none', except })
  const plan = planFor(args, configuration, whole, { around, except })
  if (earlier !== undefined) refuseOtherSettings(earlier.plan, plan, args.resume ?? '')
  return { configuration, whole, plan, earlier }
}

/** A resumed stress keeps the choices it began with. Throws LossproofError('usage') for one that is given again. */
function refuseGiven(args: StressArguments, folder: string): void {
  const kept = ['promise', 'except', 'around', 'seed', 'strategy'] as const
  const given = kept.filter(name => args[name] !== undefined).map(name => `--${name}`)
  if (given.length > 0)
    throw new LossproofError('usage', `--resume ${folder} goes on as that stress began: leave ${given.join(', ')} out`)
}

const aroundOf = (word: string | undefined): StressPlan['around'] =>
  word === 'count' || word === 'none' ? word : 'steer'

const planFor = (
  args: StressArguments,
  { client, system, version }: Configuration,
  { subject, calls, notDrawn, own, neighbours }: Space,
  { around, except }: Pick<StressPlan, 'around' | 'except'>,
): StressPlan => ({
  system,
  version,
  client,
  seed: args.seed ?? usualSeed,
  forSeconds: args.for,
  settings: subject.own,
  consumes: subject.consumes,
  pairs: [...calls],
  notDrawn: [...notDrawn],
  lanes: [...own, ...neighbours],
  except,
  around,
  strategy: args.strategy === 'random' ? 'random' : 'guided',
  promises: { ...subject.promises },
})

async function carriedOut(
  args: StressArguments,
  whole: Space,
  plan: StressPlan,
  earlier: StressResult | undefined,
): Promise<StressResult> {
  const progress = new Progress()
  using interruption = new Interruption(line => process.stderr.write(`${line}\n`))
  const { signal } = interruption
  const wanted = { around: plan.around !== 'none', except: plan.except }
  const { machine, space } = await prepareStress(whole, wanted, args, progress, signal).finally(() => progress.end())
  const folder = args.resume ?? join(machine.results, `${timeStamp(new Date())}-stress-${plan.seed}`)
  const state = args.state === undefined ? undefined : stateFolder(args.state)
  const workers = args.parallel ?? trialsAtOnce(machine.engine)
  await using series = await TrialSeries.open({
    engine: machine.engine,
    images: machine.images,
    versions: machine.versions,
    keep: args.keep,
    signal,
    name: `stress-${timeStamp(new Date())}`,
    parallel: workers,
    boots: bootsAtOnce(machine.engine),
    progress: () => {},
  })
  // Awaited here: the series ends when this function returns.
  return await runStress({
    folder,
    space,
    lab: new LiveLaboratory(folder, series, earlier?.seconds ?? 0),
    plan: { ...plan, pairs: [...space.calls], notDrawn: [...space.notDrawn] },
    earlier,
    corpus: readCorpus(earlier === undefined ? (state ?? folder) : folder),
    state,
    workers,
    findings: args.findings ?? 1,
    report: async result => {
      await writeStressReports(folder, result, line => process.stderr.write(`${line}\n`))
      process.stdout.write(
        args.json
          ? `${JSON.stringify(result)}\n`
          : stressTerminal(result, { colour: wantsColour(), folder, width: outputWidth() }),
      )
    },
  })
}

function introduction(configuration: Configuration, { calls, own, neighbours }: Space, plan: StressPlan): string {
  return [
    ...summaryLines(configuration),
    ...configuration.assumptions.map(text => `assumed: ${text}`),
    `${plural(calls.length, 'fault')} × role can be drawn, seed ${plan.seed}; each trial has your settings under ` +
      `${plural(own.length, 'load')}${neighbours.length === 0 ? '' : ` and some of ${plural(neighbours.length, 'neighbour')}`}`,
    '',
  ].join('\n')
}

/** What a stress of these settings would begin with, if every trial kept its messages. */
function firstDraws(space: Space, { seed, strategy, system, notDrawn }: StressPlan): string {
  const drawer = new Drawer(space, { seed, strategy })
  const draws = Array.from({ length: shownDraws }, (_, at) => drawer.draw(at + 1, emptyCorpus(system)))
  return [
    'possible first schedules:',
    ...draws.map(draw => `  ${scheduleWords(draw)}`),
    ...(notDrawn.length === 0 ? [] : ['not drawn:']),
    ...notDrawn.map(({ what, reason }) => `  ${what}: ${reason}`),
    '',
  ].join('\n')
}

function exitCodeOf({ verdict }: StressResult): number {
  if (verdict === 'violated') return ExitCode.violated
  return verdict === 'held' ? ExitCode.held : ExitCode.inconclusive
}
