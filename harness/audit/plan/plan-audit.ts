/** A configuration and the probes → the plan of a run, and what each of its cells means for the audit. */
import type { AskedProbe, AuditPlan, AuditedKey } from '../../../model/audit.ts'
import { LossproofError } from '../../../model/errors.ts'
import type { Cell, Plan } from '../../../model/plan.ts'
import type { Settings } from '../../../model/settings.ts'
import type { AuditFacts } from '../../../systems/shared/audit.ts'
import { makePlan } from '../../plan/plan.ts'
import { pointName } from '../../plan/matrix/matrix.ts'
import type { ScenarioSource } from '../../plan/scenario/source.ts'
import type { Configuration } from '../read/configuration.ts'
import type { Probe } from '../probes/probe.ts'
import { whyNotAsked } from './choose.ts'
import { changesOf, composeScenario } from './compose.ts'
import { auditedSettings, hasConsumer, ownSettings } from './own-settings.ts'

export interface AuditOptions {
  seed: number
  /** Try settings that would keep the messages beside the user's own. */
  fixes: boolean
  /** Ids of probes whose losses the user accepts. */
  allowed: readonly string[]
}

export interface PlannedAudit {
  plan: Plan
  audit: AuditPlan
}

interface PlannedProbe {
  probe: Probe
  source: ScenarioSource
  control: Settings | undefined
  fixes: readonly Settings[]
}

/** Throws LossproofError('usage') when no probe can be asked. */
export function planAudit(
  configuration: Configuration,
  probes: readonly Probe[],
  facts: AuditFacts,
  { seed, fixes, allowed }: AuditOptions,
): PlannedAudit {
  const own = ownSettings(configuration)
  const consumes = hasConsumer(configuration)
  const notAsked: AuditPlan['notAsked'] = []
  const planned: PlannedProbe[] = []
  for (const probe of probes) {
    const reason = whyNotAsked(probe, own, consumes)
    const found = reason ?? tryToPlan(probe, configuration, facts, fixes ? own : undefined, seed)
    if (typeof found === 'string') notAsked.push({ id: probe.id, title: probe.title, reason: found })
    else planned.push(found)
  }
  if (planned.length === 0)
    throw new LossproofError('usage', 'no probe can be asked of these settings', {
      hint: [...new Set(notAsked.map(({ reason }) => reason))].join('; '),
    })
  const plan = planOf(
    planned.map(({ source }) => source),
    configuration,
    seed,
  )
  return {
    plan: { ...plan, name: 'audit' },
    audit: {
      schema: 1,
      system: configuration.system,
      version: configuration.version,
      client: configuration.client,
      ...(configuration.topic === undefined ? {} : { topic: configuration.topic }),
      files: configuration.files,
      settings: auditedSettings(configuration),
      keys: configuration.keys.flatMap(auditedKey),
      assumptions: configuration.assumptions,
      notes: configuration.notes,
      setByHarness: [...setByHarness(facts, own), ...setByProbes(planned)],
      probes: planned.map(one => askedProbe(one, plan.cells)),
      notAsked,
      allowed: [...allowed],
      cannotSee: [...facts.cannotSee],
    },
  }
}

/** The probe with the control and the fixes that the user's client and cluster can have; or why it cannot be asked. */
function tryToPlan(
  probe: Probe,
  configuration: Configuration,
  facts: AuditFacts,
  own: Settings | undefined,
  seed: number,
): PlannedProbe | string {
  const compose = (control: Settings | undefined, fixes: readonly Settings[]) =>
    composeScenario(probe, configuration, facts.neutral, { control, fixes })
  const control = controlOf(probe, own ?? ownSettings(configuration))
  const base = refusal(() => planOf([compose(control, [])], configuration, seed))
  if (base !== undefined) return base
  const wanted = own === undefined ? [] : fixesOf(probe, facts, own)
  const fixes = wanted.filter(
    fix => refusal(() => planOf([compose(control, [fix])], configuration, seed)) === undefined,
  )
  return { probe, source: compose(control, fixes), control, fixes }
}

/** The control is left out when the user has its settings already: then their own lane is one. */
function controlOf({ control }: Probe, own: Settings): Settings | undefined {
  return control === undefined || Object.keys(changesOf(control, own)).length === 0 ? undefined : control
}

/** Every fix once, without what the user already has, and not the control. */
function fixesOf({ causes, control = {} }: Probe, facts: AuditFacts, own: Settings): Settings[] {
  const changes = causes.flatMap(cause => facts.fixes(cause, own)).map(fix => changesOf(fix, own))
  const byName = new Map(changes.map(fix => [sortedName(fix), fix]))
  byName.delete('')
  byName.delete(sortedName(control))
  return [...byName.values()]
}

const sortedName = (settings: Settings) =>
  pointName(Object.fromEntries(Object.entries(settings).toSorted(([a], [b]) => a.localeCompare(b))))

function planOf(sources: ScenarioSource[], { system, version }: Configuration, seed: number): Plan {
  return makePlan('audit', sources, { seed, defaultVersions: { [system]: version } })
}

/** The planner's refusal in words; undefined when it accepts. */
function refusal(make: () => unknown): string | undefined {
  try {
    make()
    return undefined
  } catch (error) {
    if (error instanceof LossproofError && error.code === 'scenario')
      return error.message.replace(/^the probe [^:]+:\d+:\d+: /, '')
    throw error
  }
}

function askedProbe({ probe, control, fixes }: PlannedProbe, cells: readonly Cell[]): AskedProbe {
  const cellOf = (settings: Settings): Cell => {
    const id = pointName(settings) === '' ? probe.id : `${probe.id}/${pointName(settings)}`
    const cell = cells.find(one => one.id === id)
    if (!cell) throw new Error(`the plan has no cell ${id}`)
    return cell
  }
  const own = cellOf({})
  return {
    id: probe.id,
    title: probe.title,
    question: probe.question,
    side: probe.side,
    cell: own.id,
    ...(control === undefined ? {} : { control: cellOf(control).id }),
    fixes: fixes.map(settings => {
      const cell = cellOf(settings)
      return { settings, cell: cell.id, ownTrial: cell.trial !== own.trial }
    }),
  }
}

function auditedKey({ file, line, key, value, verdict, reason, danger }: Configuration['keys'][number]): AuditedKey[] {
  if (verdict === 'shape' || (verdict === 'used' && danger === undefined)) return []
  return [
    {
      file,
      line,
      key,
      value,
      verdict,
      ...(reason === undefined ? {} : { reason }),
      ...(danger === undefined ? {} : { danger }),
    },
  ]
}

const setByHarness = ({ neutral }: AuditFacts, own: Settings) =>
  neutral
    .filter(({ name }) => own[`broker.${name}`] === undefined)
    .map(({ name, value, reason }) => ({ name: `broker.${name}`, value, reason }))

const setByProbes = (planned: readonly PlannedProbe[]) =>
  planned.flatMap(({ probe }) =>
    Object.entries(probe.set).map(([name, value]) => ({
      name,
      value,
      reason: `only in the probe "${probe.title}", which cannot run without it`,
    })),
  )
