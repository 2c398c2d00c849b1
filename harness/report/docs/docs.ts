/**
 * The pages of docs/ that are made from the code's own tables. The text around the tables is in templates/<page>.md. Each
 * function takes that text and returns the page; `npm run docs` writes all of them.
 */
import type { CauseDefinitions } from '../../../model/causes.ts'
import { lossCauses, skipCauses, unsentCauses } from '../../../systems/causes.ts'
import { consumerOutcomes, marks, outcomes } from '../../../model/outcomes.ts'
import { loadFigures } from '../../verdict/timing/load.ts'
import { recoveryFigures } from '../../verdict/timing/recovery.ts'
import { faultGroups } from '../../../faults/index.ts'
import { faultEffects } from '../../../faults/fault.ts'
import type { Fault } from '../../../faults/fault.ts'
import { workloadSettings } from '../../plan/workload/settings.ts'
import { beforeAppend } from '../../../workloads/clients/kafka-common/before-append.ts'
import { clients } from '../../../workloads/clients/catalog.ts'
import type { ClientFacts, SettingMap } from '../../../workloads/clients/facts.ts'
import { faultPictures } from './fault-pictures.ts'
import type { FaultPicture } from './fault-pictures.ts'
import { roleTable } from './roles.ts'
import { clusterTables, harnessSettingTables, reservedSettingTables, versionTable } from './settings.ts'
import { code, fillTemplate, table } from './template.ts'

const definitions = (head: string, rows: readonly (readonly [string, string])[]): string =>
  table(
    [head, 'definition'],
    rows.map(([name, text]) => [code(name), text]),
  )

export function outcomesPage(template: string): string {
  return fillTemplate(template, {
    outcomes: definitions('outcome', outcomes),
    marks: definitions('mark', marks),
    consumerOutcomes: definitions('outcome', consumerOutcomes),
    recoveryFigures: definitions('figure', recoveryFigures),
    loadFigures: definitions('figure', loadFigures),
  })
}

/** One section per table of causes. A table without a system holds for all systems. */
const causeSections = (tables: readonly (readonly [string | undefined, CauseDefinitions])[]): string =>
  tables
    .flatMap(([system, causes]) =>
      Object.entries(causes).map(([name, { meaning, established, excluded }]) =>
        [
          `### ${code(name)}`,
          '',
          `${system === undefined ? '' : `${system}. `}${meaning}`,
          '',
          `- Established by: ${established}`,
          ...excluded.map(text => `- Ruled out first: ${text}`),
        ].join('\n'),
      ),
    )
    .join('\n\n')

/** What an autopsy can report, and the evidence that it needs. */
export function causesPage(template: string): string {
  return fillTemplate(template, {
    lossCauses: causeSections(lossCauses),
    skipCauses: causeSections(skipCauses),
    unsentCauses: causeSections(unsentCauses),
  })
}

export function faultsPage(template: string): string {
  const groups = Object.entries(faultGroups) as [keyof typeof faultGroups, readonly Fault[]][]
  return fillTemplate(template, {
    roles: roleTable(),
    effects: definitions('effect', Object.entries(faultEffects)),
    list: table(
      ['attacks', 'fault', 'what it does'],
      groups.flatMap(([group, members]) => members.map(({ id, title }) => [group, `[${id}](#${id})`, title])),
    ),
    faults: groups
      .flatMap(([group, members]) => [
        `## ${capitalised(group)} faults`,
        ...faultPictures(group).map(pictureSection),
        ...members.map(faultSection),
      ])
      .join('\n\n'),
  })
}

/** What the faults of a group hit, as a picture. */
const pictureSection = ({ name, faults, text }: FaultPicture): string =>
  `${faults.map(({ id }) => `[${id}](#${id})`).join(', ')}: ${text}\n\n![${text}](pictures/faults/${name}.svg)`

function faultSection(fault: Fault): string {
  const params = Object.entries(fault.params).map(([name, { doc }]) => `- ${code(name)}: ${doc}`)
  return [
    `### ${fault.id}`,
    `${fault.title}.`,
    `- Targets: ${fault.targets.map(code).join(', ')}`,
    `- Needs: ${fault.needs.join(', ') || 'nothing'}`,
    `- Effects: ${fault.effects.map(code).join(', ')}`,
    ...(params.length === 0 ? [] : ['Parameters:', params.join('\n')]),
    `*Models:* ${fault.models}`,
    `*Does not model:* ${fault.cannotModel}`,
  ]
    .join('\n\n')
    .replaceAll(/^(- .*)\n\n(?=- )/gm, '$1\n')
}

const capitalised = (text: string): string => `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`

/** Settings of the place `workload`. */
export function workloadPage(template: string): string {
  return fillTemplate(template, {
    settings: table(
      ['setting', 'meaning (default)', 'form'],
      Object.entries(workloadSettings).map(([name, { doc, form }]) => [code(name), doc, form]),
    ),
  })
}

export function clientsPage(template: string): string {
  return fillTemplate(template, {
    beforeAppend: [...beforeAppend].map(name => `- ${code(name)}`).join('\n'),
    clients: Object.entries(clients)
      .map(([id, facts]) => clientSection(id, facts))
      .join('\n\n'),
  })
}

function clientSection(id: string, facts: ClientFacts): string {
  const place = {
    node: 'Runs in a Node process.',
    container: "Runs in a container of the brokers' image, on the host's network.",
    command: 'Runs as a process of its own, or in a container of your image, on the host network.',
  }[facts.runsIn]
  const install = facts.install === undefined ? '' : ` Not installed with the project: ${facts.install}.`
  return [
    `## ${id}`,
    `${facts.title}. ${place}${install}`,
    table(['an attempt is', 'when'], Object.entries(facts.answers)),
    ...facts.consuming,
    ...Object.entries(facts.settings).flatMap(([role, settings]) => settingTable(`As a ${role}`, settings)),
    ...settingTable('Its own settings, under `client:`', facts.own),
  ].join('\n\n')
}

function settingTable(title: string, settings: SettingMap): string[] {
  if (settings.size === 0) return []
  return [
    table(
      [title, 'becomes'],
      [...settings].map(([name, { maps }]) => [code(name), maps]),
    ),
  ]
}

/** Page name → the function that makes it from its template. Pages from the layers above are added by `npm run docs`. */
export const pages: Readonly<Record<string, (template: string) => string>> = {
  causes: causesPage,
  clients: clientsPage,
  faults: faultsPage,
  outcomes: outcomesPage,
  scenarios: template => fillTemplate(template, { cluster: clusterTables(), versions: versionTable() }),
  settings: template =>
    fillTemplate(template, { harnessSettings: harnessSettingTables(), reservedSettings: reservedSettingTables() }),
  workload: workloadPage,
}
