/**
 * Scenarios → plan. Cells that differ only in topic, producer, consumer, client or workload settings become lanes of
 * one trial and so meet one and the same fault; cells that differ in cluster settings, or on Kafka in broker settings,
 * become trials.
 */
import { findFault } from '../../faults/index.ts'
import { LossproofError } from '../../model/errors.ts'
import { draftCells } from './cells.ts'
import type { CellDraft } from './cells.ts'
import { planExpectations } from './expectations.ts'
import { matches, parseSelector } from './matrix.ts'
import { planSchedule } from './schedule.ts'
import type { ScenarioSource } from './scenario/source.ts'
import type { SystemPlan } from '../../systems/shared/planning.ts'
import { systemFacts } from '../../systems/index.ts'
import type { Cell, Claim, Lane, Plan, Settings, Step, Trial } from '../../model/plan.ts'

export interface PlanOptions {
  seed: number
  /** `acks=1`: only cells with these settings. */
  only?: string
  /** `place.setting` → value, for every cell. */
  set?: Settings
  defaultVersions: Record<string, string>
}

const defaultTail = 20

export function makePlan(name: string, sources: ScenarioSource[], options: PlanOptions): Plan {
  const only = options.only === undefined ? undefined : parseSelector(options.only)
  if (options.only !== undefined && !only) {
    throw new LossproofError('usage', `--only ${options.only}: expected settings such as acks=1`)
  }
  const parts = sources.map(source => planScenario(source, only ?? {}, options))
  const cells = parts.flatMap(part => part.cells)
  if (cells.length === 0) throw new LossproofError('usage', `no cell has ${options.only ?? ''}`)
  return {
    schema: 1,
    name,
    seed: options.seed,
    cells,
    trials: parts.flatMap(part => part.trials),
    claims: joinClaims(parts.flatMap(part => part.claims)),
  }
}

function planScenario(source: ScenarioSource, only: Settings, options: PlanOptions) {
  const { scenario } = source
  const system = systemFacts(scenario.system).planning
  const { recovery = 'whole' } = scenario
  if (
    recovery !== 'whole' &&
    (scenario.system !== 'rocketmq' || scenario.cluster?.mode === 'controller' || scenario.cluster?.slaves === 0)
  ) {
    throw source.error(['recovery'], `recovery: ${recovery} is for classic clusters of RocketMQ with slaves`)
  }
  const all = draftCells(source, options.set ?? {}, options.defaultVersions[scenario.system] ?? 'default')
  const drafts = all.filter(draft => matches(draft.settings, only))
  const trials: Trial[] = []
  const members: { lane: Lane; trial: string; settings: Settings }[] = []
  const groups = Map.groupBy(drafts, draft => (scenario.lanes.isolate === true ? draft.id : system.sharing(draft)))
  let number = 0
  for (const group of groups.values()) {
    number += 1
    const id = groups.size === 1 ? scenario.name : `${scenario.name}-${number}`
    const [first, ...others] = group
    if (!first) continue
    const { site, brokers, brokerNames } = system.site(source, [first, ...others])
    const lanes = nameLanes(id, group, brokerNames, system)
    const known = lanes.map((lane, at) => ({
      id: lane.id,
      settings: group[at]?.settings ?? {},
      replicationFactor: lane.topic.replicationFactor,
      consumes: lane.consumer !== undefined,
    }))
    const schedule = planSchedule(source, known, brokers)
    trials.push({
      id,
      scenario: scenario.name,
      ...site,
      lanes,
      schedule,
      needs: needsOf(schedule),
      restartConsumers: scenario.drain?.restart ?? true,
      recovery,
      // With their masters gone lanes get nothing acknowledged any more.
      tail: scenario.tail ?? (recovery === 'slaves' ? 0 : defaultTail),
      seed: options.seed,
    })
    lanes.forEach((lane, at) => members.push({ lane, trial: id, settings: group[at]?.settings ?? {} }))
  }
  const expectationsOf = planExpectations(
    source,
    all.map(draft => draft.settings),
  )
  const cells = members.map(({ lane, trial, settings }): Cell => ({
    id: lane.cell,
    scenario: scenario.name,
    system: scenario.system,
    trial,
    lane: lane.id,
    settings,
    expect: expectationsOf(settings),
  }))
  return { cells, trials, claims: claimOf(source, cells) }
}

function needsOf(schedule: readonly Step[]): string[] {
  const calls = schedule.flatMap(step => step.inject)
  return [...new Set(calls.flatMap(call => findFault(call.fault)?.needs ?? []))].toSorted((a, b) => a.localeCompare(b))
}

/** Lane ids and topics, unique in the trial. */
function nameLanes(trial: string, group: CellDraft[], brokerNames: string[][], system: SystemPlan): Lane[] {
  const taken = new Set<string>()
  return group.map((draft, at) => {
    const { slug, ...lane } = draft.lane
    let id = slug
    for (let again = 2; taken.has(id); again++) id = `${slug}-${again}`
    taken.add(id)
    return {
      ...lane,
      id,
      topic: { ...lane.topic, name: system.nameFor(id, at, trial), brokerNames: brokerNames[at] ?? [] },
      ...(lane.consumer
        ? { consumer: { ...lane.consumer, group: system.nameFor(lane.consumer.group, at, trial) } }
        : {}),
    }
  })
}

function claimOf(source: ScenarioSource, cells: Cell[]): Claim[] {
  const { claim, name } = source.scenario
  if (claim === undefined || cells.length === 0) return []
  const { id, text } = typeof claim === 'string' ? { id: name, text: claim } : claim
  return [{ id, text, cells: cells.map(cell => cell.id) }]
}

/** Scenarios may share a claim. */
function joinClaims(claims: Claim[]): Claim[] {
  const joined = new Map<string, Claim>()
  for (const claim of claims) {
    const known = joined.get(claim.id)
    joined.set(claim.id, known ? { ...known, cells: [...known.cells, ...claim.cells] } : claim)
  }
  return [...joined.values()]
}
