/**
 * Scenarios → plan. Cells that can share a cluster become lanes of one trial and so meet the same fault: cells that differ
 * in topic, producer, consumer, client or workload settings always, cells that differ in broker or cluster settings where
 * the system says so. Other cells get trials of their own.
 */
import { findFault } from '../../faults/index.ts'
import { LossproofError } from '../../model/errors.ts'
import type { Cell, Lane, Plan, Settings, Site, Step, Trial } from '../../model/plan.ts'
import { systemFacts } from '../../systems/index.ts'
import type { SystemFacts } from '../../systems/shared/facts.ts'
import { claimOf, joinClaims } from './claims.ts'
import { harnessDefaults } from './harness-defaults.ts'
import { planExpectations } from './expectations/assign.ts'
import type { ExpectingCell } from './expectations/can-fail.ts'
import { draftCells } from './matrix/cells.ts'
import type { CellDraft } from './matrix/cells.ts'
import { ambiguousKey, matches, parseSelector } from './matrix/matrix.ts'
import { unmatchedHint } from './matrix/unmatched.ts'
import { nameLanes } from './name-lanes.ts'
import { planSchedule } from './schedule/schedule.ts'
import type { ScenarioSource } from './scenario/source.ts'
import { checkVersions, imageWarnings, versionWarnings } from './versions.ts'
import { warningsOf } from './warnings.ts'

export interface PlanOptions {
  seed: number
  /** `acks=1`: only cells with these settings. */
  only?: string
  /** `place.setting` → value, for every cell. */
  set?: Settings
  /** The version of each system for scenarios that name none. */
  defaultVersions: Record<string, string>
  /** Ids of the images that the user provides. */
  ownImages?: readonly string[]
}

const defaultTail = 20

/** Throws LossproofError('usage') for wrong options and LossproofError('scenario') for wrong scenarios. */
export function makePlan(name: string, sources: ScenarioSource[], options: PlanOptions): Plan {
  const only = options.only === undefined ? undefined : parseSelector(options.only)
  if (options.only !== undefined && !only)
    throw new LossproofError('usage', `--only ${options.only}: expected settings such as acks=1`)
  refuseSameNames(sources)
  const { set } = options
  const parts = sources
    .map(source => (set === undefined ? source : source.withOverrides(set)))
    .map(source => planScenario(source, only ?? {}, options))
  const versions = parts.flatMap(({ source, trials }) => trials.map(trial => ({ source, trial })))
  const ownImages = options.ownImages ?? []
  checkVersions(versions, ownImages)
  const cells = parts.flatMap(part => part.cells)
  if (cells.length === 0)
    throw new LossproofError('usage', `--only ${options.only ?? ''}: no cell has these settings`, {
      hint: unmatchedHint(
        only ?? {},
        parts.flatMap(({ settings }) => settings),
      ),
    })
  return {
    schema: 1,
    name,
    seed: options.seed,
    cells,
    trials: parts.flatMap(part => part.trials),
    claims: joinClaims(parts.flatMap(part => part.claims)),
    setByHarness: harnessDefaults(parts.flatMap(part => part.trials)),
    warnings: [
      ...new Set(parts.flatMap(part => part.warnings)),
      ...versionWarnings(versions, ownImages),
      ...imageWarnings(versions, ownImages),
    ],
  }
}

/** Ids of cells and trials begin with the name of their scenario. */
function refuseSameNames(sources: ScenarioSource[]): void {
  const files = new Map<string, string>()
  for (const source of sources) {
    const { name } = source.scenario
    const other = files.get(name)
    if (other !== undefined)
      throw source.error(['name'], `two scenarios are called "${name}"; the other one is in ${other}`, {
        hint: 'give each scenario of a run a name of its own',
      })
    files.set(name, source.file)
  }
}

function planScenario(source: ScenarioSource, only: Settings, options: PlanOptions) {
  const { scenario } = source
  const system = systemFacts(scenario.system)
  const all = draftCells(source, options.defaultVersions[scenario.system] ?? 'default')
  const ambiguous = ambiguousKey(
    all.flatMap(draft => Object.keys(draft.settings)),
    Object.keys(only),
  )
  if (ambiguous) throw new LossproofError('usage', `--only: ${ambiguous.reason}`)
  const drafts = all.filter(draft => matches(draft.settings, only))
  const groups = Map.groupBy(drafts, draft =>
    scenario.lanes.isolate === true ? draft.id : JSON.stringify([system.planning.clusterKey(draft), draft.image]),
  )
  const members = [...groups.values()].flatMap(([first, ...others], at) => {
    if (!first) return []
    const id = groups.size === 1 ? scenario.name : `${scenario.name}-${at + 1}`
    return [{ trial: planTrial(source, id, [first, ...others], options.seed), drafts: [first, ...others] }]
  })
  const settings = all.map(draft => draft.settings)
  const expectationsOf = planExpectations(source, settings)
  const cells = members.flatMap(({ trial, drafts: group }) =>
    trial.lanes.map((lane, at) => {
      const own = group[at]?.settings ?? {}
      return cellOf(trial, lane, own, expectationsOf(own, expecting(system, trial, lane)))
    }),
  )
  const trials = members.map(({ trial }) => trial)
  const warnings = trials.flatMap(trial => warningsOf(source, trial))
  return { source, cells, trials, claims: claimOf(source, cells), warnings, settings }
}

function expecting(
  system: SystemFacts,
  { schedule }: Trial,
  { producer, consumer, app, workload }: Lane,
): ExpectingCell {
  return {
    system,
    consumes: consumer !== undefined,
    ...(app === undefined ? {} : { app }),
    awaits: producer.sending.awaits !== false,
    poisons: workload.poisonEvery !== undefined,
    slowsReplication: schedule.some(step => step.inject.some(({ fault }) => fault === 'slow-replication')),
    messages: workload.messages,
  }
}

/** The trial of cells that share a cluster; its lanes are in the order of the cells. */
function planTrial(source: ScenarioSource, id: string, cells: [CellDraft, ...CellDraft[]], seed: number): Trial {
  const { scenario } = source
  const { planning } = systemFacts(scenario.system)
  const [{ cluster, image }] = cells
  const { recovery = 'whole' } = scenario
  const { site: built, brokers, brokerNames } = planning.planCluster(source, cells)
  const site = withImage(source, built, image)
  const lanes = nameLanes(planning, id, cells, brokerNames)
  const scheduled = lanes.map((lane, at) => ({
    id: lane.id,
    settings: cells[at]?.settings ?? {},
    replicationFactor: lane.topic.replicationFactor,
    consumes: lane.consumer !== undefined,
    app: lane.app !== undefined,
  }))
  const schedule = planSchedule(source, { lanes: scheduled, cluster, brokers })
  const needs = needsOf(schedule, site.cluster.own !== undefined)
  if (scenario.settled && !needs.includes('loop-devices'))
    throw source.error(['settled'], 'settled has no effect: no fault of the schedule gives brokers disks of their own')
  const refused = planning.refuseRecovery(recovery, cluster, schedule)
  if (refused !== undefined) throw source.error(['recovery'], `recovery: ${recovery} is not supported: ${refused}`)
  return {
    id,
    scenario: scenario.name,
    ...site,
    lanes,
    schedule,
    needs,
    restartConsumers: scenario.drain?.restart ?? true,
    recovery,
    ...(scenario.settled ? { settled: true } : {}),
    // Where masters stay lost, nothing is acknowledged at the end.
    tail: scenario.tail ?? (recovery === 'slaves' ? 0 : defaultTail),
    seed,
  }
}

function withImage(source: ScenarioSource, site: Site, image: string | undefined): Site {
  if (image === undefined) return site
  if (site.cluster.own !== undefined)
    throw source.settingError(
      'cluster.image',
      'cluster.image has no effect: Lossproof does not build a cluster of your own',
      { hint: 'remove it, or remove cluster.compose or cluster.bootstrap' },
    )
  return { ...site, cluster: { ...site.cluster, image } }
}

function cellOf(trial: Trial, lane: Lane, settings: Settings, expect: Cell['expect']): Cell {
  const { id, scenario, system } = trial
  return { id: lane.cell, scenario, system, trial: id, lane: lane.id, settings, expect }
}

/** The capabilities of the machine that the faults of a schedule need. The user's own brokers get no disks from Lossproof. */
function needsOf(schedule: readonly Step[], isOwn: boolean): string[] {
  const calls = schedule.flatMap(step => step.inject)
  const needs = new Set<string>(calls.flatMap(call => findFault(call.fault)?.needs ?? []))
  if (isOwn) needs.delete('loop-devices')
  return [...needs].toSorted((a, b) => a.localeCompare(b))
}
