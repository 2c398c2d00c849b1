/** The result of an audit in words that the terminal, Markdown, JUnit and the page share. */
import type { AuditedKey, AuditedSetting, AuditResult, AuditRow, FixResult, Price } from '../../../model/audit.ts'
import type { Settings } from '../../../model/settings.ts'
import { lostCount, shortCosts } from '../words/counts.ts'
import { duration, number, plural } from '../words/numbers.ts'
import { settingValue, shortSetting } from '../words/settings.ts'

/** `bad`: lost or skipped; `accepted`: the same in a probe whose losses the user accepts; `open`: not known; `kept`. */
export type Tone = 'bad' | 'accepted' | 'open' | 'kept'

const order: readonly Tone[] = ['bad', 'open', 'accepted', 'kept']

export function toneOf({ outcome, allowed }: Pick<AuditRow, 'outcome' | 'allowed'>): Tone {
  if (outcome === 'kept') return 'kept'
  if (outcome === 'inconclusive') return 'open'
  return allowed ? 'accepted' : 'bad'
}

/** What needs attention first; the order of the run where rows are alike. */
export const worstFirst = (rows: readonly AuditRow[]): AuditRow[] =>
  rows.toSorted((a, b) => order.indexOf(toneOf(a)) - order.indexOf(toneOf(b)))

/** `lost 52 of 143`, `kept all 143`, `not known`: what became of the user's messages. */
export function outcomeText({ outcome, counts, probe }: AuditRow): string {
  switch (outcome) {
    case 'lost':
      return lostCount(counts) > 0 ? `lost ${number(lostCount(counts))} of ${number(counts.acked)}` : 'broke a promise'
    case 'skipped':
      return `skipped ${number(counts.skipped)} of ${number(counts.stored)}`
    case 'inconclusive':
      return 'not known'
    case 'kept':
      return probe.side === 'producer' ? `kept all ${number(counts.acked)}` : `skipped 0 of ${number(counts.stored)}`
  }
}

/** What surviving the fault cost: `refused 12`, `stored 3 extra copies`. A loss in one of two tries belongs here too. */
export function besidesTexts({ counts, price, tries, allowed, outcome }: AuditRow): string[] {
  const harmed = outcome === 'lost' || outcome === 'skipped'
  return [
    ...(harmed && tries.made > 1 ? [`in ${tries.lost} of ${tries.made} tries`] : []),
    ...(harmed && allowed ? ['accepted'] : []),
    ...(price.refused > 0 ? [`refused ${number(price.refused)}`] : []),
    ...shortCosts({ ...counts, givenUp: 0, expired: 0 }),
  ]
}

/** Outcome and costs in one text: `kept all 143; refused 7; stored 3 extra copies`. */
export const settingsText = (row: AuditRow): string => [outcomeText(row), ...besidesTexts(row)].join('; ')

/** Longer reasons hold the end of a broker's log, for example. The page and JUnit have them whole. */
const longestReason = 100

/** Short: the code of each cause as words. Without a loss, the first reason why the probe is not decided. */
export function whyText({ causes, reasons, outcome }: AuditRow): string {
  if (causes.length > 0) return causes.map(({ code }) => code.replaceAll('-', ' ')).join('; ')
  const [first = ''] = outcome === 'kept' ? [] : reasons
  return first.length > longestReason ? `${first.slice(0, longestReason - 1)}…` : first
}

/** `acks=all and min.insync.replicas=2`. */
export const changesText = (settings: Settings): string =>
  Object.entries(settings)
    .map(([name, value]) => `${shortSetting(name)}=${settingValue(value)}`)
    .join(' and ')

/** `acks=all: lost 0 of 151, same fault; p99 4 → 9 ms; refused 0 → 12`. Empty where nothing needs a fix. */
export function fixText(row: AuditRow): string {
  const { fix, outcome, tried } = row
  if (outcome !== 'lost' && outcome !== 'skipped') return ''
  if (fix) {
    const proof = `${changesText(fix.settings)}: ${fixOutcome(fix, row)}, ${under(fix)}`
    return [proof, ...priceTexts(row.price, fix.price)].join('; ')
  }
  if (tried.length === 0) return 'no setting is known to help'
  const undecided = tried.filter(one => one.outcome === 'inconclusive')
  const failed = tried.filter(one => one.outcome === 'lost' || one.outcome === 'skipped')
  return [
    ...failed.map(one => `${changesText(one.settings)} did not help: ${fixOutcome(one, row)}`),
    ...undecided.map(({ settings }) => `${changesText(settings)} is not proved: the test gave no answer`),
  ].join('; ')
}

/** `lost 0 of 151`, `skipped 2`, `no answer`. */
export function fixOutcome(
  { outcome, lost, skipped, acked, reasons }: FixResult,
  { probe }: Pick<AuditRow, 'probe'>,
): string {
  if (outcome === 'inconclusive') return 'no answer'
  if (outcome === 'lost' && lost === 0) return `broke a promise (${reasons.join('; ')})`
  return probe.side === 'consumer' && lost === 0
    ? `skipped ${number(skipped)}`
    : `lost ${number(lost)} of ${number(acked)}`
}

export const under = ({ ownTrial }: Pick<FixResult, 'ownTrial'>): string =>
  ownTrial ? 'same faults on brokers of its own' : 'same fault'

/** What changes for the application, from the user's settings to the fix: `p99 4 → 9 ms`, `refused 0 → 12`. */
export function priceTexts(before: Price, after: Price): string[] {
  const from = before.load.ackMsP99
  const to = after.load.ackMsP99
  return [
    ...(from === undefined || to === undefined ? [] : [`p99 ${arrow(from, to)}`]),
    ...(before.refused === 0 && after.refused === 0
      ? []
      : [`refused ${number(before.refused)} → ${number(after.refused)}`]),
  ]
}

/** `4 → 9 ms`; with both units where they differ. */
function arrow(from: number, to: number): string {
  const [before, after] = [duration(from), duration(to)]
  const [number_ = '', unit] = before.split(' ')
  return unit === after.split(' ')[1] ? `${number_} → ${after}` : `${before} → ${after}`
}

/** Where the settings that the fix changes come from: `producer.properties:3`. Empty where there is no fix. */
export function originTexts({ fix, origins }: Pick<AuditRow, 'fix' | 'origins'>): string[] {
  return Object.keys(fix?.settings ?? {}).map(name => {
    const from = origins.find(origin => origin.name === name)?.from
    return from ? `${from.file}:${from.line}` : `${shortSetting(name)} is not set in your files`
  })
}

/**
 * `Your settings lost messages under 2 faults and kept every message under these 5 faults. 1 probe gave no answer.` An audit
 * proves nothing about faults that it did not cause, so only those are counted.
 */
export function headline({ rows, plan }: AuditResult): string {
  const of = (tone: Tone) => rows.filter(row => toneOf(row) === tone)
  const bad = of('bad')
  const kept = of('kept').length
  const faults = (outcome: AuditRow['outcome']) => {
    const count = bad.filter(row => row.outcome === outcome).length
    return count === 0 ? [] : [`${outcome} messages under ${plural(count, 'fault')}`]
  }
  const did = [
    ...faults('lost'),
    ...faults('skipped'),
    ...(kept === 0 ? [] : [`kept every message under ${kept === 1 ? 'this fault' : `these ${number(kept)} faults`}`]),
  ]
  const missing = plan.probes.length - rows.length
  return [
    ...(did.length === 0 ? [] : [`Your settings ${listed(did)}.`]),
    ...(of('accepted').length === 0 ? [] : [`Accepted losses: ${plural(of('accepted').length, 'probe')}.`]),
    ...(of('open').length === 0 ? [] : [`No answer: ${plural(of('open').length, 'probe')}.`]),
    ...(missing === 0 ? [] : [`Did not run: ${plural(missing, 'probe')}.`]),
    ...(plan.probes.length === 0 ? ['No probe was asked.'] : []),
  ].join(' ')
}

/** `a`, `a and b`, `a, b and c`. */
const listed = (texts: readonly string[]): string =>
  texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1) ?? ''}`

export interface UrgentKey {
  /** `server.properties:3`; `docker-compose.yml:35, 57` and `a.conf:3, b.conf:3` for the same text about several lines. */
  where: string
  text: string
  /** Address of the documentation that says so. */
  source?: string
}

/** What the reader has to look at, most urgent first: unknown, invalid, dangerous by themselves, unsupported. */
export function urgentKeys(keys: readonly AuditedKey[]): UrgentKey[] {
  const byText = Map.groupBy(urgentTexts(keys), ({ text }) => text)
  return [...byText.values()].flatMap(same => {
    const [first] = same
    if (!first) return []
    const { key: _, ...said } = first
    return [{ where: linesOf(same.map(({ key }) => key)), ...said }]
  })
}

function linesOf(keys: readonly AuditedKey[]): string {
  const byFile = Map.groupBy(keys, ({ file }) => file)
  return [...byFile].map(([file, same]) => `${file}:${same.map(({ line }) => line).join(', ')}`).join(', ')
}

function urgentTexts(keys: readonly AuditedKey[]): { key: AuditedKey; text: string; source?: string }[] {
  const of = (verdict: AuditedKey['verdict']) => keys.filter(key => key.verdict === verdict)
  const named = ({ key, value }: AuditedKey) => `${key}=${settingValue(value)}`
  return [
    ...of('unknown').map(key => ({
      key,
      text: `${key.key} is not a setting of this version${key.reason === undefined ? '' : `: ${key.reason}`}`,
    })),
    ...of('invalid').map(key => ({ key, text: `${named(key)} is not accepted: ${key.reason ?? 'wrong value'}` })),
    ...keys.flatMap(key =>
      key.danger ? [{ key, text: `${named(key)}: ${key.danger.why}`, source: key.danger.source }] : [],
    ),
    ...of('unsupported').map(key => ({ key, text: `${key.key} is not tested: ${key.reason ?? 'not supported'}` })),
  ]
}

/** Names of the keys that are not part of the test, once each. */
export function quietKeys(keys: readonly AuditedKey[]): { label: string; names: string[] }[] {
  const names = (verdict: AuditedKey['verdict']) => [
    ...new Set(keys.filter(key => key.verdict === verdict).map(({ key }) => key)),
  ]
  return [
    { label: 'replaced by the test', names: names('replaced') },
    { label: 'no effect on loss', names: names('no-effect') },
  ].filter(group => group.names.length > 0)
}

/** `server.properties: …, 22 settings, 12 used`, as the line of a file. */
export const fileText = ({ file, label, keys, used }: AuditResult['plan']['files'][number]): string =>
  `${file}: ${label}, ${plural(keys, 'setting')}, ${number(used)} used`

/** `producer.acks=1 (producer.properties:3)`; an assumption has no file. */
export const settingText = ({ name, value, from }: AuditedSetting): string =>
  `${name}=${settingValue(value)} (${from ? `${from.file}:${from.line}` : 'assumed'})`
