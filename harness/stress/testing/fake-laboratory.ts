/** For tests: trials that take no time, and lose what the test says. */
import type { TrialEvent } from '../../../history/events.ts'
import { noCounts } from '../../../model/outcomes.ts'
import type { Cell, Plan, Settings, Step } from '../../../model/plan.ts'
import type { CellVerdict } from '../../../model/verdict.ts'
import type { Laboratory, Observed } from '../laboratory.ts'

/** What becomes of a cell: the code of a cause, `held`, or the reason why it is inconclusive. */
export type Fate = { cause: string } | 'held' | { reason: string }

export interface FakeOptions {
  fate: (cell: Cell, schedule: readonly Step[]) => Fate
  events?: TrialEvent[]
  secondsPerTrial?: number
  bugs?: readonly unknown[]
}

/** Every fault of the schedule as `fault target`, in order. */
export const injected = (schedule: readonly Step[]): string[] =>
  schedule.flatMap(({ inject }) => inject.map(({ fault, target }) => `${fault} ${target}`))

export const has = (settings: Settings, name: string, value: unknown): boolean =>
  String(settings[name] ?? null) === String(value)

export class FakeLaboratory implements Laboratory {
  readonly plans: Plan[] = []
  readonly #options: FakeOptions
  #seconds = 0

  constructor(options: FakeOptions) {
    this.#options = options
  }

  now(): number {
    return this.#seconds
  }

  async run(plan: Plan): Promise<Observed> {
    const { fate, events = [], secondsPerTrial = 20, bugs = [] } = this.#options
    this.plans.push(plan)
    this.#seconds += secondsPerTrial
    const schedule = plan.trials[0]?.schedule ?? []
    return Promise.resolve({
      cells: plan.cells.map(cell => verdictOf(cell, fate(cell, schedule))),
      events,
      held: [],
      bugs,
      seconds: secondsPerTrial,
      run: `runs/${plan.name}`,
    })
  }
}

export function verdictOf({ id, scenario, system, trial, settings }: Cell, fate: Fate): CellVerdict {
  const isLost = fate !== 'held' && 'cause' in fate
  return {
    id,
    scenario,
    system,
    trial,
    settings,
    counts: { ...noCounts(), sent: 100, acked: 90, stored: isLost ? 80 : 90, lost: isLost ? 10 : 0 },
    lost: isLost
      ? [
          {
            p: 0,
            from: 80,
            to: 89,
            count: 10,
            place: 'tail',
            cause: { code: fate.cause, text: `10 messages: ${fate.cause}` },
          },
        ]
      : [],
    skipped: [],
    windows: {},
    faults: [],
    recovery: {},
    load: {},
    expect: [{ what: 'lost', expected: '0', actual: isLost ? 10 : 0, ok: !isLost }],
    verdict: isLost ? 'violated' : fate === 'held' ? 'held' : 'inconclusive',
    reasons: fate !== 'held' && 'reason' in fate ? [fate.reason] : [],
  }
}
