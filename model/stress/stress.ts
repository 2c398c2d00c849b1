/**
 * Random schedules against settings that promise no loss. A draw is a schedule as data; stress.json holds every draw with
 * what it showed, and what was found.
 */
import { z } from 'zod'
import { Settings } from '../settings.ts'

export const DrawnCall = z.strictObject({ fault: z.string(), target: z.string() })
export type DrawnCall = z.infer<typeof DrawnCall>

/** A fault at a role as one word, to count by: `crash leader`. */
export const pairName = ({ fault, target }: DrawnCall): string => `${fault} ${target}`

/** States that a step can wait for. None of them is a time. */
export const drawnStates = [
  'isr-leader',
  'leader-changed',
  'offline',
  'recovered',
  'processed',
  'committed',
  'client-gone',
] as const
export type DrawnState = (typeof drawnStates)[number]

export const DrawnStep = z.strictObject({
  /** What the step waits for first. Absent: the load alone. */
  state: z.enum(drawnStates).optional(),
  /** Messages that each lane then sends before the step acts. 0: it acts at once. */
  load: z.int().min(0),
  /** What is healed before the step injects. `earlier`: everything except what the last injecting step injected. */
  heal: z.enum(['nothing', 'earlier', 'all']),
  inject: z.array(DrawnCall),
})
export type DrawnStep = z.infer<typeof DrawnStep>

export const DrawnLane = z.strictObject({
  /** `own`: the user's settings, perhaps under another load. `neighbour`: one setting is one step away. */
  kind: z.enum(['own', 'neighbour']),
  /** What differs from the user's settings, as `place.setting`. */
  settings: Settings,
})
export type DrawnLane = z.infer<typeof DrawnLane>

/**
 * How a draw came about. `pair`: it covers a fault at a role for the first time. `aimed`: at replicas that hold
 * acknowledged messages alone. `swarm`: with a random half of the faults. `neighbour`: of a trial that showed something
 * new. `random`: nothing but chance. `again`: an earlier one that was inconclusive.
 */
export const drawKinds = ['pair', 'aimed', 'swarm', 'neighbour', 'random', 'again'] as const
export type DrawKind = (typeof drawKinds)[number]

export const Draw = z.strictObject({
  /** From 1, in the order of the draws. */
  number: z.int().min(1),
  kind: z.enum(drawKinds),
  /** The trial from which it was made. */
  from: z.int().optional(),
  steps: z.array(DrawnStep).min(1),
  /** What the last step took away stays away: nothing is healed at the end. */
  gone: z.boolean(),
  lanes: z.array(DrawnLane).min(1),
})
export type Draw = z.infer<typeof Draw>

/**
 * What became of a trial. `broken`: a promise to a lane with the user's settings. `not-recovered`, `client-failed` and
 * `judge-failed` are findings about something else, and are kept apart. `near-miss`: only lanes with neighbouring settings
 * lost something.
 */
export const trialOutcomes = [
  'broken',
  'judge-failed',
  'not-recovered',
  'client-failed',
  'near-miss',
  'inconclusive',
  'kept',
] as const
export type TrialOutcome = (typeof trialOutcomes)[number]

/** A broken promise in one kind of lane. */
export const Broken = z.strictObject({
  lane: z.enum(['own', 'neighbour']),
  /** Code of the cause; the word of the outcome where no cause is looked for, such as `corrupt`. */
  cause: z.string(),
  /** `lost`, `skipped`, `corrupt`… */
  what: z.string(),
  count: z.int().min(1),
  text: z.string(),
  /** The cell with most of these messages, and what differs in it. */
  cell: z.string(),
  settings: Settings,
})
export type Broken = z.infer<typeof Broken>

export const StressTrial = z.strictObject({
  draw: Draw,
  outcome: z.enum(trialOutcomes),
  broken: z.array(Broken),
  /** Why it is inconclusive or what failed, without numbers, so that equal reasons can be counted. */
  reasons: z.array(z.string()),
  /** What it showed: elections, sizes of the ISR, outcomes. */
  features: z.array(z.string()),
  /** Those that no trial had shown before. */
  fresh: z.array(z.string()),
  /** Dangers that its schedule caused, by the facts of its faults. */
  dangers: z.array(z.string()),
  seconds: z.number().min(0),
  /** Seconds since the beginning of the stress, over all its sessions, when the trial ended. */
  at: z.number().min(0),
  /** The run folder of the trial, relative to the folder of the stress. */
  run: z.string(),
})
export type StressTrial = z.infer<typeof StressTrial>

/** One attempt to make a finding simpler. */
export const ShrinkMove = z.strictObject({
  what: z.string(),
  stays: z.boolean(),
  /** In how many runs the same cause appeared. */
  hits: z.int().min(0),
  runs: z.int().min(0),
})
export type ShrinkMove = z.infer<typeof ShrinkMove>

export const StressFix = z.strictObject({
  settings: Settings,
  /** `kept`: nothing was lost with it, while the settings without it lost under the same schedule. */
  outcome: z.enum(['kept', 'lost', 'inconclusive']),
  lost: z.int().min(0),
  acked: z.int().min(0),
})
export type StressFix = z.infer<typeof StressFix>

export const Finding = z.strictObject({
  kind: z.enum(['broken', 'judge-failed', 'not-recovered', 'client-failed']),
  /** Number of the trial. */
  trial: z.int(),
  cause: z.string(),
  text: z.string(),
  /** Seconds until it was found. */
  at: z.number().min(0),
  /** How often the same schedule showed the same cause when it was run again. Absent: it was not run again. */
  again: z.strictObject({ hits: z.int(), runs: z.int() }).optional(),
  /** Below 2 of 3 runs. A rare finding is not made simpler. */
  rare: z.boolean(),
  /** Run folders with its histories, relative to the folder of the stress. */
  runs: z.array(z.string()),
  shrunk: z
    .strictObject({
      draw: Draw,
      /** The user's settings that are still needed, as `place.setting`. */
      settings: Settings,
      moves: z.array(ShrinkMove),
      trials: z.int(),
      seconds: z.number(),
      /** Why it stopped before every move was tried. */
      stopped: z.string().optional(),
    })
    .optional(),
  fix: StressFix.optional(),
  tried: z.array(StressFix),
  claim: z.string(),
  /** The scenario file, relative to the folder of the stress. */
  scenario: z.string().optional(),
})
export type Finding = z.infer<typeof Finding>

export const StressPlan = z.strictObject({
  system: z.string(),
  version: z.string(),
  client: z.string(),
  seed: z.int(),
  forSeconds: z.number(),
  /** The user's settings as `place.setting`. */
  settings: Settings,
  consumes: z.boolean(),
  /** Fault × role that can be drawn. */
  pairs: z.array(z.strictObject({ fault: z.string(), target: z.string() })),
  /** What cannot be drawn, with the reason. */
  notDrawn: z.array(z.strictObject({ what: z.string(), reason: z.string() })),
  /** The lanes from which each trial takes some. */
  lanes: z.array(DrawnLane),
  /** Faults that are not drawn, because the user accepts what they cost. */
  except: z.array(z.string()),
  /** Whether neighbours that lose are findings. */
  around: z.enum(['none', 'steer', 'count']),
  /** `random` only for comparison. */
  strategy: z.enum(['guided', 'random']),
  /** Further promises, as expectations. */
  promises: z.record(z.string(), z.string()),
})
export type StressPlan = z.infer<typeof StressPlan>

export const StressResult = z.strictObject({
  schema: z.literal(1),
  run: z.string(),
  plan: StressPlan,
  trials: z.array(StressTrial),
  findings: z.array(Finding),
  /** Seconds that were used, over all sessions. */
  seconds: z.number().min(0),
  /** Draws that the planner refused, by reason. */
  refused: z.record(z.string(), z.int()),
  /** `running` until the end, so that an aborted stress shows as one. */
  state: z.enum(['running', 'done', 'interrupted']),
  verdict: z.enum(['violated', 'inconclusive', 'held']),
})
export type StressResult = z.infer<typeof StressResult>

/** What the trials of one configuration have taught, for the next stress. */
export const Corpus = z.strictObject({
  schema: z.literal(1),
  system: z.string(),
  /** Times that each `fault target` ran in a trial that was conclusive. */
  pairs: z.record(z.string(), z.int()),
  /** Times that each danger was caused. */
  dangers: z.record(z.string(), z.int()),
  /** Times that each feature was shown. */
  features: z.record(z.string(), z.int()),
  /** Draws of trials that showed something new, with how much. */
  entries: z.array(z.strictObject({ draw: Draw, fresh: z.array(z.string()), children: z.int() })),
})
export type Corpus = z.infer<typeof Corpus>
