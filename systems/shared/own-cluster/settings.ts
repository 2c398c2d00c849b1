/** The settings of the place `cluster` that describe a cluster of the user's own, the same for every system. */
import { z } from 'zod'
import type { OwnCluster } from '../../../model/plan.ts'
import type { ScenarioErrors } from '../../../model/scenario-errors.ts'
import type { SettingRule } from '../../../model/setting-rule.ts'
import type { Settings } from '../../../model/settings.ts'
import type { ClusterSettings } from '../planning.ts'

/** `host:9092`, or `[::1]:9092`. */
const address = /^(?:[^\s:,[\]]+|\[[0-9a-f:.]+\]):(?<port>\d{1,5})$/i
const highestPort = 65_535

/** A text with commas, or a list, which becomes such a text. */
const words = z.union([z.string(), z.array(z.string()).min(1)]).transform(given => [given].flat().join(','))

/** `a, b` → `['a', 'b']` */
export const listOf = (value: Settings[string] | undefined): string[] =>
  String(value ?? '')
    .split(',')
    .map(word => word.trim())
    .filter(word => word !== '')

const isAddress = (text: string): boolean => {
  const port = Number(address.exec(text)?.groups?.['port'] ?? 0)
  return port > 0 && port <= highestPort
}

export const ownClusterRules = {
  bootstrap: {
    doc: 'addresses of a cluster of your own, see [own-cluster.md](own-cluster.md)',
    form: 'addresses such as kafka.test:9092, as a list or separated by commas',
    input: words,
    parse: value => {
      const given = typeof value === 'string' ? listOf(value) : []
      return given.length > 0 && given.every(isAddress) ? given.join(',') : undefined
    },
  },
} as const satisfies Readonly<Record<string, SettingRule>>

/** Whether the settings of a cluster describe one of the user's own. */
export const isOwn = (cluster: Settings): boolean => (cluster['bootstrap'] ?? null) !== null

/** For plans: `your own cluster at kafka.test:9092`. */
export const describeOwnCluster = ({ bootstrap }: OwnCluster): string => `your own cluster at ${bootstrap.join(', ')}`

/**
 * The cluster of the user's own that these settings describe; undefined when Lossproof builds the cluster. Throws
 * LossproofError('scenario') for a setting that only a cluster built by Lossproof can have.
 */
export function planOwnCluster(source: ScenarioErrors, { cluster, broker }: ClusterSettings): OwnCluster | undefined {
  if (!isOwn(cluster)) return undefined
  const foreign = Object.keys(cluster).find(name => !Object.hasOwn(ownClusterRules, name) && cluster[name] !== null)
  if (foreign !== undefined)
    throw source.settingError(
      `cluster.${foreign}`,
      `cluster.${foreign} has no effect: Lossproof does not build the cluster at ${String(cluster['bootstrap'])}`,
      { hint: 'remove it, or remove cluster.bootstrap' },
    )
  const [name] = Object.keys(broker)
  if (name !== undefined)
    throw source.settingError(
      `broker.${name}`,
      `broker.${name} has no effect: Lossproof does not configure the brokers at ${String(cluster['bootstrap'])}`,
      { hint: 'set it where these brokers are configured, and remove it here' },
    )
  return { bootstrap: listOf(cluster['bootstrap']) }
}
