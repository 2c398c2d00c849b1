/** From a trial that broke a promise to a finding: how reliable it is, as simple as possible, with a fix. */
import type { Plan } from '../../../model/plan.ts'
import type { Broken, Finding, ShrinkMove, StressTrial } from '../../../model/stress/stress.ts'
import { targetsOn } from '../../../faults/fault.ts'
import { findFault } from '../../../faults/index.ts'
import { systemFacts } from '../../../systems/index.ts'
import { bestFix } from '../../audit/result/result.ts'
import { refusalOf } from '../../plan/refusal.ts'
import { causeOf } from '../explore.ts'
import { planOf } from '../compose.ts'
import { isSound } from '../draw/world.ts'
import type { Laboratory, Observed } from '../laboratory.ts'
import { hitsOf, isReliable, shrink } from '../shrink/shrink.ts'
import type { Candidate, MoveFacts } from '../shrink/moves.ts'
import { groundOf } from '../space.ts'
import type { Space } from '../space.ts'
import { fixesFor, shows, tryFixes } from './fixes.ts'
import { scenarioText } from './scenario-text.ts'
import { claimOf } from './words.ts'

export interface FindingOptions {
  space: Space
  lab: Laboratory
  seed: number
  say: (line: string) => void
  /** Called with what is known so far, so that an interruption loses nothing. */
  onProgress: (finding: Finding, scenario: string) => void
}

/** After so many trials or seconds a finding is as simple as it gets. */
const mostTrials = 25
const mostSeconds = 480
/** For the proof of a fix, after the shrinking. */
const fixSeconds = 240

export async function findingOf(trial: StressTrial, options: FindingOptions): Promise<Finding> {
  const { space, lab, seed, say, onProgress } = options
  const broken = mainOf(trial)
  const cause = causeOf(trial)
  const runs = [trial.run]
  const began = lab.now()
  let number = 0
  const run = async (plan: Plan): Promise<Observed> => {
    const seen = await lab.run(plan)
    runs.push(seen.run)
    return seen
  }
  const nextName = () => `s${String(trial.draw.number).padStart(4, '0')}-${(number += 1)}`
  const test = async ({ draw, subject }: Candidate): Promise<boolean> => {
    const { cells } = await run(planOf(nextName(), draw, subject, seed))
    return cells.some((cell, at) => draw.lanes[at]?.kind === broken.lane && shows(cell, cause))
  }
  const start: Candidate = { draw: trial.draw, subject: space.subject }
  const report = (known: Partial<Finding>, at: Candidate): Finding => {
    const claim = claimOf(at.subject.own, at.draw, { cause, what: broken.what }, known.fix?.settings)
    const finding: Finding = {
      kind: 'broken',
      trial: trial.draw.number,
      cause,
      text: broken.text,
      at: trial.at,
      rare: false,
      runs: [...runs],
      tried: [],
      ...known,
      claim,
      scenario: `${scenarioName(trial)}.yaml`,
    }
    const found = {
      name: scenarioName(trial),
      draw: at.draw,
      subject: at.subject,
      claim,
      text: broken.text,
      fix: known.fix,
      seed,
    }
    onProgress(finding, scenarioText(found))
    return finding
  }
  report({}, start)
  say(`the same schedule again, to see how reliable ${cause} is`)
  const again = await hitsOf(async () => test(start))
  say(`${cause}: ${again.hits} of ${again.runs} runs of the same schedule`)
  if (!isReliable(again)) return report({ again, rare: true }, start)
  const { to, moves, trials, stopped } = await shrink(start, {
    facts: factsFor(start, cause),
    accepts: candidate => isAccepted(candidate, seed),
    test,
    trials: mostTrials,
    isLate: () => lab.now() - began > mostSeconds,
    onMove: move => say(moveWords(move)),
  })
  const shrunk = {
    draw: to.draw,
    settings: to.subject.own,
    moves,
    trials,
    seconds: Math.round(lab.now() - began),
    ...(stopped === undefined ? {} : { stopped }),
  }
  report({ again, shrunk }, to)
  const fixBegan = lab.now()
  const tried = await tryFixes({
    candidate: to,
    cause,
    seed,
    run,
    accepts: candidate => isAccepted(candidate, seed),
    isLate: () => lab.now() - fixBegan > fixSeconds,
  })
  const fix = bestFix(tried)
  return report({ again, shrunk, tried, ...(fix === undefined ? {} : { fix }) }, to)
}

const scenarioName = ({ draw }: StressTrial) => `finding-${draw.number}`

const moveWords = ({ what, stays, hits, runs }: ShrinkMove) =>
  `${stays ? 'simpler' : 'not'}: ${what} (${hits} of ${runs})`

function mainOf({ broken }: StressTrial): Broken {
  const main = broken.find(({ lane }) => lane === 'own') ?? broken[0]
  if (main === undefined) throw new Error('a trial without a broken promise is no finding')
  return main
}

function factsFor(candidate: Candidate, cause: string): MoveFacts {
  const facts = systemFacts(candidate.subject.system)
  return {
    targetsOf: id => {
      const fault = findFault(id)
      return fault === undefined ? [] : targetsOn(facts, fault)
    },
    brokers: own => facts.stress.brokers(own),
    replicas: own => facts.stress.replicas(own),
    fixes: fixesFor(candidate, cause),
  }
}

/** Whether the rules of schedules and the planner accept it. */
function isAccepted({ draw, subject }: Candidate, seed: number): boolean {
  return isSound(draw, groundOf(subject)) && refusalOf(() => planOf('try', draw, subject, seed)) === undefined
}
