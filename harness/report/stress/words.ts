/** The words in which every report tells about a stress. */
import { pairName } from '../../../model/stress/stress.ts'
import type { Finding, StressResult, StressTrial, TrialOutcome } from '../../../model/stress/stress.ts'
import { plural } from '../words/numbers.ts'

export const outcomeWords: Readonly<Record<TrialOutcome, string>> = {
  broken: 'broke a promise',
  'near-miss': 'only neighbours broke a promise',
  kept: 'kept every message',
  inconclusive: 'inconclusive',
  'not-recovered': 'did not recover',
  'client-failed': 'a client failed',
  'judge-failed': 'could not be judged',
}

/** `12 of 41 faults × roles`. */
export const coverageText = (result: Pick<StressResult, 'plan' | 'trials'>): string =>
  `${coveredPairs(result).size} of ${result.plan.pairs.length} faults × roles`

/** Faults at roles that were in a trial which said something, with how often. */
export function coveredPairs({ trials }: Pick<StressResult, 'trials'>): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { draw, outcome } of trials) {
    if (outcome === 'inconclusive' || outcome === 'judge-failed') continue
    for (const { inject } of draw.steps)
      for (const call of inject) counts.set(pairName(call), (counts.get(pairName(call)) ?? 0) + 1)
  }
  return counts
}

export interface Fraction {
  fault: string
  covered: number
  of: number
}

/** How many roles of each fault were covered, in the order of the faults. */
export function coverageByFault(result: Pick<StressResult, 'plan' | 'trials'>): Fraction[] {
  const covered = coveredPairs(result)
  return [...Map.groupBy(result.plan.pairs, ({ fault }) => fault)].map(([fault, pairs]) => ({
    fault,
    covered: pairs.filter(pair => covered.has(pairName(pair))).length,
    of: pairs.length,
  }))
}

const bars = '·▁▂▃▄▅▆▇█'.split('')

/** One character for each fault: `·` none of its roles, `█` all of them. */
export const coverageStrip = (result: Pick<StressResult, 'plan' | 'trials'>): string =>
  coverageByFault(result)
    .map(({ covered, of }) => bars[covered === 0 ? 0 : Math.max(1, Math.floor((covered / of) * (bars.length - 1)))])
    .join('')

export const count = (trials: readonly StressTrial[], outcome: TrialOutcome): number =>
  trials.filter(trial => trial.outcome === outcome).length

/** Reasons of inconclusive trials, most frequent first. */
export function inconclusiveReasons(trials: readonly StressTrial[]): { reason: string; times: number }[] {
  const times = new Map<string, number>()
  for (const { outcome, reasons } of trials)
    if (outcome === 'inconclusive') {
      const reason = reasons[0] ?? 'no reason was recorded'
      times.set(reason, (times.get(reason) ?? 0) + 1)
    }
  return [...times].map(([reason, found]) => ({ reason, times: found })).toSorted((a, b) => b.times - a.times)
}

export function duration(seconds: number): string {
  const whole = Math.round(seconds)
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60]
  return minutes === 0 ? `${rest} s` : rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`
}

/** What the whole stress says, in one or two sentences. */
export function headline(result: StressResult): string {
  const { findings, trials, seconds, plan } = result
  const broken = findings.filter(({ kind }) => kind === 'broken')
  const apart = findings.length - broken.length
  const tried = `${plural(trials.length, 'schedule')} in ${duration(seconds)}, ${coverageText(result)}`
  const first = broken[0]
  const conclusive = trials.filter(({ outcome }) => outcome !== 'inconclusive' && outcome !== 'judge-failed').length
  const main =
    first === undefined
      ? conclusive === 0
        ? `No schedule said anything: ${tried}.`
        : `No promise was broken: ${tried}. That does not prove that there is no such schedule.`
      : `A promise was broken after ${duration(first.at)}: ${first.claim}`
  return [
    main,
    ...(apart > 0 ? [`${plural(apart, 'trial')} went wrong in another way.`] : []),
    ...(result.state === 'interrupted'
      ? [`It was interrupted after ${duration(seconds)} of ${duration(plan.forSeconds)}.`]
      : []),
  ].join(' ')
}

/** `2 of 2 runs`, `1 of 3 runs, rare`. */
export const reliability = ({ again, rare }: Finding): string =>
  again === undefined
    ? 'not run again'
    : `${again.hits} of ${plural(again.runs, 'run')} of the same schedule${rare ? ', rare' : ''}`
