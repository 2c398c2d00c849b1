/** Writes a configuration as the YAML of a scenario, with a comment that says where each setting comes from. */
import { stringify } from 'yaml'
import type { SettingValue } from '../../../model/plan.ts'
import type { Configuration, PlacedSetting } from './configuration.ts'

export interface ScenarioParts {
  /** Lower-case letters, digits and dashes. */
  name: string
  /** `system` leaves everything that the files do not set to the system, instead of to Lossproof. */
  defaults?: 'system'
  /** Comments at the top of the file, one line each. */
  comments?: readonly string[]
  /** Settings in the place of, or beside, those of the files. */
  over?: readonly CommentedSetting[]
  /** YAML below `lanes`, such as `cells`, with the comments on it; unindented lines. */
  lanes?: readonly string[]
  /** A consumer belongs to the test even when no file configures one; false: it does not, even when a file does. */
  consumer?: boolean
  /** YAML of further parts, such as a schedule and expectations; unindented. */
  rest?: string
}

/** `comment`: why the setting is there, when no file gives it. */
export type CommentedSetting = Omit<PlacedSetting, 'from'> & { comment: string }

/** The text of a scenario that `lossproof plan` accepts. */
export function scenarioText(configuration: Configuration, parts: ScenarioParts): string {
  const { system, cluster, client, settings, files } = configuration
  const { name, defaults, comments = [], over = [], lanes = [], rest = '' } = parts
  const of = (place: PlacedSetting['place'], usual: readonly string[] = []) => {
    const found = [...settings, ...over].filter(setting => setting.place === place)
    const byName = new Map(found.map(setting => [setting.name, line(setting)]))
    return [...usual.filter(text => !byName.has(text.split(':')[0] ?? '')), ...byName.values()]
  }
  const shape = [
    ...Object.entries(cluster).map(([key, value]) => `${key}: ${scalarText(value)}`),
    ...(defaults === undefined ? [] : [`defaults: ${defaults}`]),
  ]
  const lines = [
    `# Made from ${[...new Set(files.map(({ file }) => file))].join(', ').replaceAll(/\s+/g, ' ')}.`,
    ...comments.map(text => `# ${text}`.trimEnd()),
    `name: ${name}`,
    `system: ${system}`,
    ...section('cluster:', 0, [...of('cluster', shape), ...section('broker:', 0, of('broker'))]),
    'lanes:',
    '  defaults:',
    ...section('topic:', 4, of('topic')),
    ...section('producer:', 4, of('producer')),
    ...consumerSection(configuration, of('consumer'), parts.consumer),
    ...section('client:', 4, of('client', [`library: ${client}`])),
    ...lanes.map(text => `  ${text}`.trimEnd()),
    ...section('workload:', 0, of('workload', ['rate: 100/s', 'size: 100B'])),
  ]
  return `${lines.join('\n')}\n${rest}`
}

/** A file about consumers asks for one, even when none of its settings is used. */
function consumerSection({ keys }: Configuration, lines: readonly string[], wanted?: boolean): string[] {
  if (wanted === false) return []
  if (lines.length > 0) return section('consumer:', 4, lines)
  return wanted === true || keys.some(({ place }) => place === 'consumer') ? ['    consumer: {}'] : []
}

function section(head: string, indent: number, lines: readonly string[]): string[] {
  if (lines.length === 0) return []
  const space = ' '.repeat(indent)
  return [`${space}${head}`, ...lines.map(text => `${space}  ${text}`)]
}

function line(setting: PlacedSetting | CommentedSetting): string {
  const { name, value } = setting
  const from = 'from' in setting ? setting.from : undefined
  const comment = 'comment' in setting ? setting.comment : from ? `${from.file}:${from.line}` : 'assumed'
  return `${keyText(name)}: ${scalarText(value)} # ${comment.replaceAll(/\s+/g, ' ')}`
}

const keyText = (name: string) => (/^[\w.-]+$/.test(name) ? name : JSON.stringify(name))
const scalarText = (value: SettingValue) => stringify(value, { lineWidth: 0, defaultStringType: 'PLAIN' }).trimEnd()
