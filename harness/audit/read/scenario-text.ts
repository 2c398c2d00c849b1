/** Writes a configuration as the YAML of a scenario, with a comment that says where each setting comes from. */
import { stringify } from 'yaml'
import type { SettingValue } from '../../../model/plan.ts'
import type { Configuration, PlacedSetting } from './configuration.ts'

export interface ScenarioParts {
  /** Lower-case letters, digits and dashes. */
  name: string
  /** `system` leaves everything that the files do not set to the system, instead of to Lossproof. */
  defaults?: 'system'
  /** YAML of further parts, such as a schedule and expectations; unindented. */
  rest?: string
}

/** The text of a scenario that `lossproof plan` accepts. */
export function scenarioText(configuration: Configuration, { name, defaults, rest = '' }: ScenarioParts): string {
  const { system, cluster, client, settings, files } = configuration
  const of = (place: PlacedSetting['place']) => settings.filter(setting => setting.place === place)
  const broker = of('broker')
  const shape = [...Object.entries(cluster), ...(defaults === undefined ? [] : [['defaults', defaults] as const])]
  const lines = [
    `# Made from ${[...new Set(files.map(({ file }) => file))].join(', ')}.`,
    `name: ${name}`,
    `system: ${system}`,
    ...section('cluster:', 0, [
      ...shape.map(([key, value]) => `${key}: ${scalarText(value)}`),
      ...section('broker:', 0, broker.map(line)),
    ]),
    'lanes:',
    '  defaults:',
    ...section('topic:', 4, of('topic').map(line)),
    ...section('producer:', 4, of('producer').map(line)),
    ...consumerSection(configuration, of('consumer').map(line)),
    ...section('client:', 4, [`library: ${client}`, ...of('client').map(line)]),
    ...section('workload:', 0, ['rate: 100/s', 'size: 100B', ...of('workload').map(line)]),
  ]
  return `${lines.join('\n')}\n${rest}`
}

/** A file about consumers asks for one, even when none of its settings is used. */
function consumerSection({ keys }: Configuration, lines: readonly string[]): string[] {
  if (lines.length > 0) return section('consumer:', 4, lines)
  return keys.some(({ place }) => place === 'consumer') ? ['    consumer: {}'] : []
}

function section(head: string, indent: number, lines: readonly string[]): string[] {
  if (lines.length === 0) return []
  const space = ' '.repeat(indent)
  return [`${space}${head}`, ...lines.map(text => `${space}  ${text}`)]
}

function line({ name, value, from }: PlacedSetting): string {
  const comment = from ? `${from.file}:${from.line}` : 'assumed'
  return `${keyText(name)}: ${scalarText(value)} # ${comment.replaceAll(/\s+/g, ' ')}`
}

const keyText = (name: string) => (/^[\w.-]+$/.test(name) ? name : JSON.stringify(name))
const scalarText = (value: SettingValue) => stringify(value, { lineWidth: 0, defaultStringType: 'PLAIN' }).trimEnd()
