/**
 * The proved fixes of an audit → changes of the user's own files. Each patch is read again: it stays only when the wanted
 * settings have their new values and nothing else has changed.
 */
import type { AuditPlan, AuditRow } from '../../../model/audit.ts'
import { messageOf } from '../../../model/errors.ts'
import type { Settings, SettingValue } from '../../../model/settings.ts'
import type { SettingPlace } from '../../../systems/shared/config-files/types.ts'
import { readConfiguration } from '../read/index.ts'
import type { Configuration } from '../read/index.ts'
import { changesOf } from './changes.ts'
import type { NamedEdit } from './changes.ts'
import { editsFor, patchedDocuments, placesFor } from './documents.ts'
import type { PatchedDocument } from './documents.ts'
import { applyEdits } from './edit.ts'
import type { Edit } from './edit.ts'
import type { NotPatched, Patch } from './types.ts'
import { unifiedDiff } from './unified-diff.ts'
import { wantedSettings } from './wanted.ts'

type Plan = Pick<AuditPlan, 'system' | 'version' | 'client' | 'topic' | 'settings'>
type Texts = ReadonlyMap<string, string>

/** `texts`: the files of the user by name, as they were audited. */
export function patchOf(rows: readonly AuditRow[], plan: Plan, texts: Texts): Patch {
  const wanted = Object.entries(wantedSettings(rows, plan))
  const documents = patchedDocuments(texts, plan)
  const proposals = withoutNodes(
    rows,
    wanted.map(([name, value]) => proposalFor(documents, plan, name, value)),
  )
  const possible = proposals.filter(proposal => 'edits' in proposal)
  const before = configurationOf(texts, plan)
  const { kept, refused } = verified(possible, candidates => problemOf(before, plan, texts, candidates))
  const files = patched(texts, kept)
  return {
    diff: [...files].map(([file, text]) => unifiedDiff(file, texts.get(file) ?? '', text)).join(''),
    files,
    changes: [...files.keys()].flatMap(file => changesOf(file, texts.get(file) ?? '', editsOf(file, kept))),
    notPatched: [...proposals.filter(proposal => 'reason' in proposal), ...refused],
  }
}

interface Proposal {
  name: string
  /** The setting as the files spell it: that of a topic may become a default of brokers. */
  reads: string
  value: SettingValue
  /** The value as the files spell it. */
  written: SettingValue
  edits: { file: string; edit: Edit }[]
  /** Settings whose key gets another meaning. */
  displaces: string[]
}

function proposalFor(
  documents: readonly PatchedDocument[],
  plan: Plan,
  name: string,
  value: SettingValue,
): Proposal | NotPatched {
  const place = name.split('.')[0] ?? ''
  const setting = name.slice(place.length + 1)
  const own = plan.settings.find(one => one.name === name)?.from
  if (value === null)
    return { name, value, reason: `remove it${own ? ` from ${own.file}:${own.line}` : ''}, so that the default counts` }
  const wanted = { place: place as SettingPlace, name: setting, value, topic: plan.topic }
  const places = placesFor(documents, wanted)
  if (places.length === 0) return { name, value, reason: reasonFor(place) }
  const spelled = places[0]?.spelled[0]
  const edits = places.flatMap(one => editsFor(one, wanted))
  const problem = edits.find(edit => 'problem' in edit)
  if (problem) return { name, value, reason: `${problem.problem}; change it by hand` }
  return {
    name,
    reads: spelled?.as ? `${spelled.as.place}.${spelled.as.name}` : name,
    value,
    written: spelled?.value ?? value,
    edits: distinct(edits.filter(edit => 'edit' in edit)),
    displaces: edits.flatMap(edit => ('edit' in edit && edit.displaces !== undefined ? [edit.displaces] : [])),
  }
}

/** More replicas need the nodes for them: settings of a fix that changes their number wait for that change. */
function withoutNodes(
  rows: readonly AuditRow[],
  proposals: readonly (Proposal | NotPatched)[],
): (Proposal | NotPatched)[] {
  const fixes = rows.flatMap(({ fix, allowed }) => (fix && !allowed ? [fix.settings] : []))
  const nodes = proposals.filter(proposal => 'reason' in proposal && proposal.name.startsWith('cluster.'))
  const needs = (settings: Settings) => nodes.find(({ name }) => name in settings)
  return proposals.map(proposal => {
    const asking = fixes.filter(settings => proposal.name in settings)
    const [first] = asking.flatMap(settings => needs(settings) ?? [])
    if ('reason' in proposal || !first || asking.some(settings => needs(settings) === undefined)) return proposal
    const { name, value } = proposal
    return { name, value, reason: `needs ${first.name}=${String(first.value)} first` }
  })
}

function reasonFor(place: string): string {
  switch (place) {
    case 'cluster':
      return 'the number of nodes is changed in your deployment'
    case 'workload':
      return 'the application does this in its code, not in a file'
    default:
      return `none of your files has settings of the ${place}; set it where the ${place} is configured`
  }
}

/** Several nodes can take their value from one line, through an alias. */
function distinct(edits: readonly { file: string; edit: Edit }[]): { file: string; edit: Edit }[] {
  const at = ({ file, edit }: { file: string; edit: Edit }) => JSON.stringify([file, edit])
  return [...new Map(edits.map(edit => [at(edit), edit])).values()]
}

/** All proposals together, because settings can depend on each other; where that fails, as many as work together. */
function verified(
  proposals: readonly Proposal[],
  problem: (candidates: readonly Proposal[]) => string | undefined,
): { kept: Proposal[]; refused: NotPatched[] } {
  if (proposals.length === 0 || problem(proposals) === undefined) return { kept: [...proposals], refused: [] }
  const kept: Proposal[] = []
  const refused: NotPatched[] = []
  for (const proposal of proposals) {
    const found = problem([...kept, proposal])
    if (found === undefined) kept.push(proposal)
    else refused.push({ name: proposal.name, value: proposal.value, reason: `${found}; change it by hand` })
  }
  return { kept, refused }
}

/** What is wrong with the files after the change; undefined when they read as wanted. */
function problemOf(
  before: Configuration,
  plan: Plan,
  texts: Texts,
  proposals: readonly Proposal[],
): string | undefined {
  let after: Configuration
  try {
    after = configurationOf(new Map([...texts, ...patched(texts, proposals)]), plan)
  } catch (error) {
    return `the changed file would not be read: ${messageOf(error)}`
  }
  const [old, read] = [given(before), given(after)]
  const all = everything(after)
  for (const { name, reads, value, written } of proposals) {
    const found = all[reads] ?? null
    if (String(found) !== String(value) && String(found) !== String(written))
      return `${name} would be ${String(found)} after the change`
  }
  const changed = new Set(proposals.flatMap(({ reads, displaces }) => [reads, ...displaces]))
  const other = [...new Set([...Object.keys(old), ...Object.keys(read)])].find(
    name => !changed.has(name) && String(old[name] ?? null) !== String(read[name] ?? null),
  )
  return other === undefined ? undefined : `${other} would change too`
}

const configurationOf = (texts: Texts, { version, client, topic }: Plan) =>
  readConfiguration(
    [...texts].map(([name, text]) => ({ name, text })),
    { version, client, ...(topic === undefined ? {} : { topic }) },
  )

/** Settings that stand in a file, by `place.setting`. */
const given = ({ settings }: Configuration): Settings =>
  Object.fromEntries(settings.flatMap(({ place, name, value, from }) => (from ? [[`${place}.${name}`, value]] : [])))

/** Every setting, with assumed ones and those of the cluster. */
const everything = ({ settings, cluster }: Configuration): Settings => ({
  ...Object.fromEntries(settings.map(({ place, name, value }) => [`${place}.${name}`, value])),
  ...Object.fromEntries(Object.entries(cluster).map(([name, value]) => [`cluster.${name}`, value])),
})

/** New texts of the files that the proposals change, in the order of the files. */
function patched(texts: Texts, proposals: readonly Proposal[]): Map<string, string> {
  return new Map(
    [...texts].flatMap(([file, text]) => {
      const edits = editsOf(file, proposals).map(({ edit }) => edit)
      return edits.length === 0 ? [] : [[file, applyEdits(text, edits)] as const]
    }),
  )
}

const editsOf = (file: string, proposals: readonly Proposal[]): NamedEdit[] =>
  proposals.flatMap(({ name, edits }) => edits.flatMap(one => (one.file === file ? [{ name, edit: one.edit }] : [])))
