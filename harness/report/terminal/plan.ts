/** The plan as text for the terminal. */
import { trialSeconds } from '../../plan/trial-seconds.ts'
import { triggerWords } from '../../../model/trigger-words.ts'
import type { HarnessDefault, Plan, Step, Trial } from '../../../model/plan.ts'
import { systemFacts } from '../../../systems/index.ts'
import { systemLabel } from '../words/systems.ts'
import { plural } from '../words/numbers.ts'
import { settingValue } from '../words/settings.ts'
import { grid, paragraph } from './fold.ts'
import type { Column } from './fold.ts'

/** `width`: columns. */
export function describePlan(plan: Plan, width = 100): string {
  const warnings = (plan.warnings ?? []).flatMap(text => paragraph(`warning: ${text}`, '', width))
  const lines = [
    ...warnings,
    ...(warnings.length === 0 ? [] : ['']),
    `${plural(plan.cells.length, 'cell')} in ${plural(plan.trials.length, 'trial')}, about ${estimate(plan)} s one after the other`,
    '',
    ...plan.trials.flatMap(trial => [...describeTrial(plan, trial, width), '']),
    ...plan.claims.flatMap(({ id, cells, text }) =>
      paragraph(`claim ${id} (${plural(cells.length, 'cell')}): ${text}`, '', width),
    ),
    ...describeSetByHarness(plan.setByHarness ?? [], width),
  ]
  return `${lines.join('\n').trimEnd()}\n`
}

function describeTrial(plan: Plan, trial: Trial, width: number): string[] {
  const cells = plan.cells.filter(cell => cell.trial === trial.id)
  return [
    ...paragraph(`trial ${trial.id}: ${describeCluster(trial)}`, '', width),
    ...grid(
      laneColumns,
      cells.map(cell => {
        const expected = cell.expect.map(({ what, text }) => `${what}: ${text}`).join(', ')
        return [cell.lane, expected || 'lost: 0, clientLost: 0, skipped: 0']
      }),
      width - 2,
      (_, text) => text,
    ).map(line => `  ${line}`),
    ...trial.schedule.flatMap((step, index) => paragraph(`step ${index + 1}: ${describeStep(step)}`, '  ', width)),
  ]
}

const laneColumns: readonly Column[] = [
  { title: 'lane', align: 'left', folds: true },
  { title: 'expected', align: 'left', folds: true },
]
const settingColumns: readonly Column[] = [
  { title: 'setting', align: 'left', folds: true },
  { title: 'value', align: 'left' },
  { title: 'default', align: 'left' },
  { title: 'reason', align: 'left', folds: true },
]

/** Addresses, paths and identity are left out: nobody takes them for defaults of the system. */
function describeSetByHarness(settings: readonly HarnessDefault[], width: number): string[] {
  return [...Map.groupBy(settings, ({ system, node }) => `${systemLabel(system)} ${node}`)].flatMap(
    ([group, members]) => [
      '',
      `Lossproof sets by itself (${group}):`,
      ...grid(
        settingColumns,
        members.map(({ name, value, systemDefault, reason }) => [
          name,
          settingValue(value),
          systemDefault ?? 'by machine',
          reason,
        ]),
        width - 2,
        (_, text) => text,
      ).map(line => `  ${line}`),
    ],
  )
}

export function describeStep(step: Step): string {
  const { after } = step
  const acts = [
    ...step.inject.map(call => `${call.fault} ${call.target}`),
    ...(step.heal === undefined ? [] : [`heal ${step.heal === 'all' ? 'all' : step.heal.join(', ')}`]),
    ...(step.window === undefined ? [] : [`open window ${step.window}`]),
  ]
  return `after ${triggerWords(after)} (at most ${after.limitMs / 1000} s): ${acts.join(', ')}`
}

export function describeCluster({ system, cluster }: Trial): string {
  const version = cluster.own === undefined ? ` ${cluster.version}` : ''
  return `${systemLabel(system)}${version}, ${systemFacts(system).describeCluster({ system, cluster })}`
}

function estimate(plan: Plan): number {
  return Math.round(plan.trials.reduce((sum, trial) => sum + trialSeconds(trial), 0))
}
