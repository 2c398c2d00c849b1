/** A configuration and a probe → a commented scenario that the user owns: their settings, one fault, a fix beside them. */
import { Document, isMap, isSeq, stringify } from 'yaml'
import { LossproofError } from '../../../model/errors.ts'
import type { Settings } from '../../../model/settings.ts'
import type { AuditFacts } from '../../../systems/shared/audit.ts'
import type { SettingPlace } from '../../../systems/shared/config-files/types.ts'
import { makePlan } from '../../plan/plan.ts'
import { ScenarioSource } from '../../plan/scenario/source.ts'
import { whyNotAsked } from '../plan/choose.ts'
import { changesOf } from '../plan/compose.ts'
import { hasConsumer, ownSettings } from '../plan/own-settings.ts'
import type { Probe } from '../probes/probe.ts'
import type { Configuration } from '../read/configuration.ts'
import { scenarioText } from '../read/scenario-text.ts'
import type { CommentedSetting } from '../read/scenario-text.ts'

export interface InitParts {
  probe: Probe
  facts: AuditFacts
  /** Settings that an audit proved. Without them, the first known fix that can run beside the user's settings is tried. */
  fix?: Settings
  /** What an audit found, as comments. */
  finding?: readonly string[]
}

/**
 * The probe that is wanted, or the usual one, or the first that can be asked. Throws LossproofError('usage') when it
 * cannot be asked of these settings.
 */
export function probeFor(
  configuration: Configuration,
  probes: readonly Probe[],
  facts: AuditFacts,
  wanted: string | undefined,
): Probe {
  const own = ownSettings(configuration)
  const refused = (probe: Probe) =>
    whyNotAsked(probe, own, hasConsumer(configuration)) ?? refusal(textOf(configuration, { probe, facts }, undefined))
  const chosen = probes.find(({ id }) => id === wanted)
  const reason = chosen && refused(chosen)
  if (reason !== undefined)
    throw new LossproofError('usage', `${wanted}: these settings cannot be tested with this probe: ${reason}`, {
      hint: 'lossproof audit <files> --dry-run lists the probes that can',
    })
  const found =
    chosen ?? probes.toSorted((a, b) => rank(a, facts) - rank(b, facts)).find(probe => refused(probe) === undefined)
  if (found) return found
  throw new LossproofError('usage', 'no fault schedule that Lossproof knows fits these settings', {
    hint: 'lossproof audit <files> --dry-run says why',
  })
}

/** The usual probe first, then those that have settings which surely lose: they show what the scenario can find. */
function rank({ id, control, side }: Probe, { usualProbe }: AuditFacts): number {
  if (id === usualProbe) return 0
  if (side === 'consumer') return 3
  return control === undefined ? 2 : 1
}

/** The text of a scenario that `lossproof plan` accepts. Throws LossproofError('scenario') where it does not. */
export function initScenario(configuration: Configuration, parts: InitParts): string {
  const own = ownSettings(configuration)
  const known = parts.probe.causes.flatMap(cause => parts.facts.fixes(cause, own)).map(fix => changesOf(fix, own))
  const candidates = parts.fix ? [parts.fix] : known.filter(fix => Object.keys(fix).length > 0)
  const fix = candidates.find(
    one => runsBeside(parts.probe, one) && refusal(textOf(configuration, parts, one)) === undefined,
  )
  const text = textOf(configuration, parts, fix, fix ? undefined : candidates[0])
  planText(text)
  return text
}

/** Brokers with other settings are another cluster, which has no lane that surely loses. */
const runsBeside = ({ isolate }: Probe, fix: Settings) =>
  isolate === true || !Object.keys(fix).some(name => /^(?:broker|cluster)\./.test(name))

const planText = (text: string) =>
  makePlan('init', ScenarioSource.all('the new scenario', text), { seed: 1, defaultVersions: {} })

function refusal(text: string): string | undefined {
  try {
    planText(text)
    return undefined
  } catch (error) {
    if (error instanceof LossproofError && error.code === 'scenario') return error.message
    throw error
  }
}

/** `fix` runs beside the user's settings; `elsewhere` is a fix that cannot. */
function textOf(
  configuration: Configuration,
  parts: InitParts,
  fix: Settings | undefined,
  elsewhere?: Settings,
): string {
  const { probe, facts } = parts
  const own = ownSettings(configuration)
  const control = probe.control && Object.keys(changesOf(probe.control, own)).length > 0 ? probe.control : undefined
  const over = [
    { place: 'cluster', name: 'version', value: configuration.version, comment: 'the version of the test' } as const,
    ...facts.neutral.map(({ name, value, reason }) => ({ place: 'broker', name, value, comment: reason }) as const),
  ].filter(({ place, name }) => own[`${place}.${name}`] === undefined)
  return scenarioText(configuration, {
    name: probe.id,
    defaults: 'system',
    comments: commentsOf(parts, elsewhere),
    over: [...over, ...settingsOf(probe)],
    consumer: probe.side === 'consumer',
    lanes: lanesOf(probe, control, fix),
    rest: restOf(probe, control),
  })
}

function settingsOf({ set, workload }: Probe): CommentedSetting[] {
  const needed = Object.entries(set).map(([name, value]): CommentedSetting => {
    const place = name.split('.')[0] as SettingPlace
    return { place, name: name.slice(place.length + 1), value, comment: 'needed by the schedule' }
  })
  const load = Object.entries(workload).map(([name, value]): CommentedSetting => ({
    place: 'workload',
    name,
    value,
    comment: 'of the schedule below',
  }))
  return [...needed, ...load]
}

function commentsOf({ probe, finding = [] }: InitParts, elsewhere: Settings | undefined): string[] {
  const sets = Object.entries(elsewhere ?? {}).map(([name, value]) => ` --set ${name}=${String(value)}`)
  return [
    probe.question,
    ...finding,
    '',
    'lossproof plan <this file>  prints what it does, without starting anything.',
    'lossproof run <this file>   exits with 99 while a setting that should keep messages loses some, and with 0 otherwise.',
    ...(elsewhere
      ? ['A fix that changes the brokers needs a run of its own:', `lossproof run <this file>${sets.join('')}`]
      : []),
  ]
}

function lanesOf({ isolate }: Probe, control: Settings | undefined, fix: Settings | undefined): string[] {
  const flow = (settings: Settings) => stringify(settings, { collectionStyle: 'flow', lineWidth: 0 }).trimEnd()
  return [
    '# Each cell changes the defaults above. All cells run under the same fault.',
    'cells:',
    '  - {} # your settings',
    ...(fix ? [`  - ${flow(fix)} # a fix`] : []),
    ...(control ? [`  - ${flow(control)} # surely loses, which shows that the fault hit`] : []),
    ...(isolate === true ? ['isolate: true # each cell has brokers of its own'] : []),
  ]
}

function restOf(probe: Probe, control: Settings | undefined): string {
  const word = probe.side === 'producer' ? 'lost' : 'skipped'
  const parts = {
    ...(probe.recovery === undefined ? {} : { recovery: probe.recovery }),
    ...(probe.drain === undefined ? {} : { drain: probe.drain }),
    ...(probe.tail === undefined ? {} : { tail: probe.tail }),
  }
  return [
    '# Each step waits for what it names, and never longer than its limit.\n',
    scheduleText(probe),
    Object.keys(parts).length > 0 ? stringify(parts) : '',
    'expect:\n',
    `  - ${word}: 0\n`,
    ...(control
      ? [`  - when: ${stringify(control, { collectionStyle: 'flow', lineWidth: 0 }).trimEnd()}\n    ${word}: ">= 1"\n`]
      : []),
  ].join('')
}

/** Steps as people write them: one line for what a step waits for, and one for what it does. */
function scheduleText({ schedule }: Probe): string {
  const document = new Document({ schedule })
  const steps = document.get('schedule')
  for (const step of isSeq(steps) ? steps.items : [])
    for (const { value } of isMap(step) ? step.items : []) if (isMap(value)) value.flow = true
  return document.toString({ lineWidth: 0, flowCollectionPadding: true })
}
