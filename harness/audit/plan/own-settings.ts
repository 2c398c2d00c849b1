/** The user's settings as one flat list, as probes and fixes name them. */
import type { AuditedSetting } from '../../../model/audit.ts'
import type { Settings } from '../../../model/settings.ts'
import type { Configuration } from '../read/configuration.ts'

/** Every setting of the test as `place.setting`, with the line that it came from. `client` is the client library. */
export function auditedSettings({ client, cluster, settings }: Configuration): AuditedSetting[] {
  return [
    { name: 'client', value: client },
    ...Object.entries(cluster).map(([name, value]) => ({ name: `cluster.${name}`, value })),
    ...settings.map(({ place, name, value, from }) => ({
      name: `${place}.${name}`,
      value,
      ...(from === undefined ? {} : { from: { file: from.file, line: from.line } }),
    })),
  ]
}

/** Values by `place.setting`. */
export function ownSettings(configuration: Configuration): Settings {
  return Object.fromEntries(auditedSettings(configuration).map(({ name, value }) => [name, value]))
}

/** Whether the files configure a consumer, also where none of its settings is used. */
export const hasConsumer = ({ keys, settings }: Configuration): boolean =>
  [...keys, ...settings].some(({ place }) => place === 'consumer')
