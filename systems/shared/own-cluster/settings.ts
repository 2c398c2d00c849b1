/** The settings of the place `cluster` that describe a cluster of the user's own, the same for every system. */
import { z } from 'zod'
import type { OwnCluster } from '../../../model/plan.ts'
import type { ScenarioErrors } from '../../../model/scenario-errors.ts'
import { trueOrFalse } from '../../../model/setting-rule.ts'
import type { SettingRule } from '../../../model/setting-rule.ts'
import type { Settings } from '../../../model/settings.ts'
import type { ClusterSettings } from '../planning.ts'

/** `host:9092`, or `[::1]:9092`. */
const address = /^(?:[^\s:,[\]]+|\[[0-9a-f:.]+\]):(?<port>\d{1,5})$/i
const highestPort = 65_535

/** A text with commas, or a list, which becomes such a text. */
const words = z.union([z.string(), z.array(z.string()).min(1)]).transform(given => [given].flat().join(','))

const anyText: Pick<SettingRule, 'input' | 'parse'> = {
  input: z.string().min(1),
  parse: value => (typeof value === 'string' && value !== '' ? value : undefined),
}

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
  compose: {
    doc: 'the docker-compose file of a cluster of your own, relative to the scenario; `brokers` then lists its services',
    form: 'the path of a file',
    ...anyText,
  },
  project: { doc: 'the name of the compose project, where the file does not tell it', form: 'a name', ...anyText },
  attach: { doc: 'the compose project runs already, and goes on running (`false`)', ...trueOrFalse },
  volumes: {
    doc: 'volumes of the compose project that `wipe-disk` may empty',
    form: 'names of volumes, as a list or separated by commas',
    input: words,
    parse: value => (typeof value === 'string' && listOf(value).length > 0 ? value : undefined),
  },
} as const satisfies Readonly<Record<string, SettingRule>>

const isGiven = (value: Settings[string] | undefined): boolean => value !== undefined && value !== null

/** Whether the settings of a cluster describe one of the user's own. */
export const isOwn = (cluster: Settings): boolean => isGiven(cluster['bootstrap']) || isGiven(cluster['compose'])

/** Whether its nodes are containers of this engine, which faults can hit. */
export const hasContainers = (cluster: Settings): boolean => isGiven(cluster['compose'])

/** Whether Lossproof starts it for each trial, and removes it afterwards. */
export const isStarted = (cluster: Settings): boolean => hasContainers(cluster) && cluster['attach'] !== true

/** In messages: `the cluster at kafka.test:9092`, `the compose project of docker-compose.yml`. */
export const whichOwn = (cluster: Settings): string =>
  hasContainers(cluster)
    ? `the compose project of ${String(cluster['compose'])}`
    : `the cluster at ${String(cluster['bootstrap'])}`

/** Names of services: a list in YAML, kept as a text with a comma, so that it is no misspelt number. */
const services = z
  .array(z.string())
  .min(1)
  .transform(list => (list.length === 1 ? `${list[0]},` : list.join(',')))

/** `brokers` or `controllers` of a system: how many Lossproof builds, or the names of services. */
export const countOrServices = (count: Omit<SettingRule, 'doc'>): Omit<SettingRule, 'doc'> => ({
  form: count.form,
  input: z.union([count.input, services]),
  parse: value =>
    count.parse(value) ??
    (typeof value === 'string' && value.includes(',') && listOf(value).length > 0 ? value : undefined),
})

/** For plans: `your own cluster at kafka.test:9092`, `your running compose project a.yml with the brokers a, b`. */
export function describeOwnCluster({ bootstrap, compose }: OwnCluster): string {
  if (compose === undefined) return `your own cluster at ${bootstrap.join(', ')}`
  const { file, brokers, controllers, attach } = compose
  const apart = controllers === undefined ? '' : ` and the controllers ${controllers.join(', ')}`
  const project = attach ? 'your running compose project' : 'a start of your compose project'
  return `${project} ${file} with the brokers ${brokers.join(', ')}${apart}`
}

/**
 * The cluster of the user's own that these settings describe; undefined when Lossproof builds the cluster. Throws
 * LossproofError('scenario') for a setting that only a cluster built by Lossproof can have.
 */
export function planOwnCluster(source: ScenarioErrors, { cluster, broker }: ClusterSettings): OwnCluster | undefined {
  if (!isOwn(cluster)) {
    refuseOwnKeys(source, cluster)
    return undefined
  }
  const known = hasContainers(cluster) ? [...Object.keys(ownClusterRules), 'brokers', 'controllers'] : ['bootstrap']
  const foreign = Object.keys(cluster).find(name => !known.includes(name) && cluster[name] !== null)
  if (foreign !== undefined)
    throw source.settingError(
      `cluster.${foreign}`,
      `cluster.${foreign} has no effect: Lossproof does not build ${whichOwn(cluster)}`,
      { hint: `remove it, or remove cluster.${hasContainers(cluster) ? 'compose' : 'bootstrap'}` },
    )
  const [name] = Object.keys(broker)
  if (name !== undefined)
    throw source.settingError(
      `broker.${name}`,
      `broker.${name} has no effect: Lossproof does not configure ${whichOwn(cluster)}`,
      { hint: 'set it where these brokers are configured, and remove it here' },
    )
  const bootstrap = listOf(cluster['bootstrap'])
  return hasContainers(cluster) ? { bootstrap, compose: composeOf(source, cluster) } : { bootstrap }
}

function composeOf(source: ScenarioErrors, cluster: Settings): NonNullable<OwnCluster['compose']> {
  const { compose, project, brokers, controllers, attach } = cluster
  if (typeof brokers !== 'string')
    throw source.settingError(
      isGiven(brokers) ? 'cluster.brokers' : 'cluster.compose',
      'cluster.brokers has to name the services of the compose file that are brokers',
      { hint: 'brokers: [kafka1, kafka2, kafka3]' },
    )
  if (isGiven(controllers) && typeof controllers !== 'string')
    throw source.settingError(
      'cluster.controllers',
      'cluster.controllers has to name the services that are controllers',
      {
        hint: 'controllers: [controller1, controller2, controller3]; leave it out where brokers are controllers as well',
      },
    )
  const useless = attach === true ? undefined : ['project', 'bootstrap'].find(name => isGiven(cluster[name]))
  if (useless !== undefined)
    throw source.settingError(
      `cluster.${useless}`,
      `cluster.${useless} has no effect: Lossproof starts the project under a name of its own`,
      { hint: 'remove it, or add attach: true for a project that runs already' },
    )
  return {
    file: String(compose),
    ...(isGiven(project) ? { project: String(project) } : {}),
    brokers: listOf(brokers),
    ...(isGiven(controllers) ? { controllers: listOf(controllers) } : {}),
    attach: attach === true,
    ...(isGiven(cluster['volumes']) ? { volumes: listOf(cluster['volumes']) } : {}),
  }
}

/** What only clusters of the user's own can have. */
function refuseOwnKeys(source: ScenarioErrors, cluster: Settings): void {
  const key = ['attach', 'project', 'volumes'].find(name => isGiven(cluster[name]))
  if (key !== undefined)
    throw source.settingError(`cluster.${key}`, `cluster.${key} has no effect without cluster.compose`)
  const named = ['brokers', 'controllers'].find(name => typeof cluster[name] === 'string')
  if (named !== undefined)
    throw source.settingError(`cluster.${named}`, `cluster.${named} names services, and there is no cluster.compose`, {
      hint: `name the compose file, or give the number of ${named}`,
    })
}
