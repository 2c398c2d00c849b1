/**
 * What an audit runs. First every probe: the user's settings, the control, and fixes that can share their brokers. Where a
 * probe has lost something and none of these kept it, settings of the brokers follow, while other probes still run. A second
 * part asks once more what was inconclusive.
 */
import type { AskedProbe, AuditPlan, AuditRow } from '../../../model/audit.ts'
import { LossproofError } from '../../../model/errors.ts'
import type { Cell, Plan } from '../../../model/plan.ts'
import type { Settings } from '../../../model/settings.ts'
import type { AuditFacts } from '../../../systems/shared/audit.ts'
import { pointName } from '../../plan/matrix/matrix.ts'
import { makePlan } from '../../plan/plan.ts'
import { refusalOf } from '../../plan/refusal.ts'
import type { ScenarioSource } from '../../plan/scenario/source.ts'
import type { Probe } from '../probes/probe.ts'
import type { Configuration } from '../read/configuration.ts'
import { whyNotAsked } from './choose.ts'
import { composeScenario, controlOf, fixesOf, needsOwnBrokers, sortedName } from './compose.ts'
import { auditedKey, setByHarness, setByProbes } from './described.ts'
import { auditedSettings, hasConsumer, ownSettings } from './own-settings.ts'

export interface AuditOptions {
  seed: number
  /** Try settings that would keep the messages. */
  fixes: boolean
  /** Ids of probes whose losses the user accepts. */
  allowed: readonly string[]
}

export interface PlannedAudit {
  plan: Plan
  audit: AuditPlan
}

interface Chosen {
  probe: Probe
  fixes: readonly Settings[]
}

export class AuditPlanner {
  readonly #configuration: Configuration
  readonly #probes: readonly Probe[]
  readonly #facts: AuditFacts
  readonly #options: AuditOptions
  readonly #own: Settings
  /** Ids of probes that were asked once more, and of those for which settings of the brokers were tried. */
  readonly #repeated = new Set<string>()
  readonly #fixedByBrokers = new Set<string>()

  constructor(configuration: Configuration, probes: readonly Probe[], facts: AuditFacts, options: AuditOptions) {
    this.#configuration = configuration
    this.#probes = probes
    this.#facts = facts
    this.#options = options
    this.#own = ownSettings(configuration)
  }

  /** Throws LossproofError('usage') when no probe can be asked. */
  first(): PlannedAudit {
    const consumes = hasConsumer(this.#configuration)
    const notAsked: AuditPlan['notAsked'] = []
    const chosen: Chosen[] = []
    for (const probe of this.#probes) {
      const reason = whyNotAsked(probe, this.#own, consumes) ?? this.#refusal(probe, { own: true, fixes: [] })
      if (reason === undefined) chosen.push({ probe, fixes: this.#sharedFixes(probe) })
      else notAsked.push({ id: probe.id, title: probe.title, reason })
    }
    if (chosen.length === 0)
      throw new LossproofError('usage', 'no probe can be asked of these settings', {
        hint: [...new Set(notAsked.map(({ reason }) => reason))].join('; '),
      })
    const plan = this.#planOf(chosen.map(({ probe, fixes }) => this.#compose(probe, { own: true, fixes })))
    return { plan, audit: this.#described(chosen, notAsked, plan) }
  }

  /**
   * The part with trials for fixes by settings of the brokers, behind those it has; undefined when the rows, of probes whose
   * trials have ended, ask for none. Each probe gets such trials once.
   */
  withBrokerFixes(part: PlannedAudit, rows: readonly AuditRow[]): PlannedAudit | undefined {
    let longer: PlannedAudit | undefined
    for (const row of rows) {
      const probe = this.#probes.find(({ id }) => id === row.probe.id)
      if (probe === undefined || row.outcome === 'inconclusive' || row.outcome === 'kept') continue
      if (row.fix !== undefined || this.#fixedByBrokers.has(probe.id)) continue
      this.#fixedByBrokers.add(probe.id)
      const fixes = this.#brokerFixes(probe, row)
      if (fixes.length > 0) longer = this.#addBrokerFixes(longer ?? part, probe, fixes)
    }
    return longer
  }

  #addBrokerFixes({ plan, audit }: PlannedAudit, probe: Probe, fixes: readonly Settings[]): PlannedAudit {
    const added = this.#planOf([this.#compose(probe, { own: false, fixes })])
    // The probe's own trials have these names already.
    const idOf = (trial: string) => `${trial}-fix`
    const cells = added.cells.map(cell => ({ ...cell, trial: idOf(cell.trial) }))
    const tried = fixes.map(settings => ({ settings, cell: cellOf(cells, probe.id, settings).id, ownTrial: true }))
    return {
      plan: {
        ...plan,
        cells: [...plan.cells, ...cells],
        trials: [...plan.trials, ...added.trials.map(trial => ({ ...trial, id: idOf(trial.id) }))],
      },
      audit: {
        ...audit,
        probes: audit.probes.map(asked =>
          asked.id === probe.id ? { ...asked, fixes: [...asked.fixes, ...tried] } : asked,
        ),
      },
    }
  }

  /** What was inconclusive, asked once more; undefined when nothing is left to ask. `rows`: what the parts before found. */
  next({ audit }: PlannedAudit, rows: readonly AuditRow[]): PlannedAudit | undefined {
    const sources: ScenarioSource[] = []
    for (const row of rows) {
      const probe = this.#probes.find(({ id }) => id === row.probe.id)
      if (probe === undefined || row.outcome !== 'inconclusive' || this.#repeated.has(probe.id)) continue
      this.#repeated.add(probe.id)
      const shared = row.probe.fixes.filter(({ ownTrial }) => !ownTrial).map(({ settings }) => settings)
      sources.push(this.#compose(probe, { own: true, fixes: shared }))
    }
    if (sources.length === 0) return undefined
    return { plan: { ...this.#planOf(sources), name: 'audit-again' }, audit }
  }

  /** Fixes for every cause that the probe can show, on the brokers of the user's own lane. */
  #sharedFixes(probe: Probe): Settings[] {
    if (!this.#options.fixes) return []
    const fixes = this.#fixesFor(probe, probe.causes).filter(fix => !needsOwnBrokers(fix))
    return this.#accepted(probe, fixes, true)
  }

  /** Fixes for the causes that were seen; where none was established, for all that the probe can show. */
  #brokerFixes(probe: Probe, { causes }: AuditRow): Settings[] {
    if (!this.#options.fixes) return []
    const seen = this.#fixesFor(
      probe,
      causes.map(({ code }) => code),
    )
    const fixes = seen.length > 0 ? seen : this.#fixesFor(probe, probe.causes)
    return this.#accepted(probe, fixes.filter(needsOwnBrokers), false)
  }

  /** Every fix once, without what the user already has, and not the control. */
  #fixesFor({ control = {}, set }: Probe, causes: readonly string[]): Settings[] {
    // What the probe sets is part of the application that it asks about.
    const own = { ...this.#own, ...set }
    return fixesOf(this.#facts, causes, own).filter(fix => sortedName(fix) !== sortedName(control))
  }

  /** Those that the user's client and cluster can have together. */
  #accepted(probe: Probe, fixes: readonly Settings[], own: boolean): Settings[] {
    const accepted: Settings[] = []
    for (const fix of fixes)
      if (this.#refusal(probe, { own, fixes: [...accepted, fix] }) === undefined) accepted.push(fix)
    return accepted
  }

  #compose(probe: Probe, cells: { own: boolean; fixes: readonly Settings[] }): ScenarioSource {
    return composeScenario(probe, this.#configuration, this.#facts.neutral, cells)
  }

  /** The planner's refusal in words; undefined when it accepts. */
  #refusal(probe: Probe, cells: { own: boolean; fixes: readonly Settings[] }): string | undefined {
    return refusalOf(() => this.#planOf([this.#compose(probe, cells)]))
  }

  #planOf(sources: ScenarioSource[]): Plan {
    const { system, version } = this.#configuration
    return makePlan('audit', sources, { seed: this.#options.seed, defaultVersions: { [system]: version } })
  }

  #described(chosen: readonly Chosen[], notAsked: AuditPlan['notAsked'], plan: Plan): AuditPlan {
    const { system, version, client, topic, files, keys, assumptions, notes } = this.#configuration
    return {
      schema: 1,
      system,
      version,
      client,
      ...(topic === undefined ? {} : { topic }),
      files,
      settings: auditedSettings(this.#configuration),
      keys: keys.flatMap(auditedKey),
      assumptions: [...assumptions, ...this.#facts.assumptions(this.#own, hasConsumer(this.#configuration))],
      notes,
      setByHarness: [...setByHarness(this.#facts, this.#own), ...setByProbes(chosen.map(({ probe }) => probe))],
      probes: chosen.map(one => this.#asked(one, plan.cells)),
      notAsked,
      allowed: [...this.#options.allowed],
      cannotSee: [...this.#facts.cannotSee],
    }
  }

  #asked({ probe, fixes }: Chosen, cells: readonly Cell[]): AskedProbe {
    const { id, title, question, side } = probe
    const own = cellOf(cells, id, {})
    const control = controlOf(probe, this.#own)
    return {
      id,
      title,
      question,
      side,
      cell: own.id,
      ...(control === undefined ? {} : { control: cellOf(cells, id, control).id }),
      fixes: fixes.map(settings => {
        const cell = cellOf(cells, id, settings)
        return { settings, cell: cell.id, ownTrial: cell.trial !== own.trial }
      }),
    }
  }
}

function cellOf(cells: readonly Cell[], probe: string, settings: Settings): Cell {
  const id = pointName(settings) === '' ? probe : `${probe}/${pointName(settings)}`
  const cell = cells.find(one => one.id === id)
  if (!cell) throw new Error(`the plan has no cell ${id}`)
  return cell
}
