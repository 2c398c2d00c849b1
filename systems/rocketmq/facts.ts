import { sendStatuses } from '../../model/workload.ts'
import type { Ability } from '../../model/abilities.ts'
import type { SystemFacts } from '../shared/facts.ts'
import { rocketmqAudit } from './audit/index.ts'
import { rocketmqAutopsy } from './autopsy/index.ts'
import { rocketmqImages } from './image/definition.ts'
import { describeOwnCluster } from '../shared/own-cluster/settings.ts'
import { settingsInWords } from '../shared/planning.ts'
import { rocketmqConfigFiles } from './config-files/index.ts'
import { rocketmqPlanning } from './planning.ts'
import { rocketmqNodes } from './properties.ts'
import { rocketmqShape } from './shape.ts'
import { rocketmqStress } from './stress.ts'

export const rocketmqAbilities = ['flush-progress'] as const satisfies readonly Ability[]

export const rocketmq: SystemFacts = {
  id: 'rocketmq',
  label: 'RocketMQ',
  roles: [
    'master',
    'slave',
    'first-master',
    'first-slave',
    'all',
    'name-server',
    'first-name-server',
    'proxy',
    'controller',
    'controller-majority',
  ],
  abilities: rocketmqAbilities,
  sendStatuses,
  planning: rocketmqPlanning,
  configFiles: rocketmqConfigFiles,
  autopsy: rocketmqAutopsy,
  audit: rocketmqAudit,
  stress: rocketmqStress,
  images: rocketmqImages,
  words: { leader: 'master', inSync: 'in sync', commonRoles: { master: 'leader', slave: 'follower' } },
  describeCluster(site) {
    const { mode, nameServers, groups, proxies, own, masters } = rocketmqShape(site)
    if (own !== undefined) return `${describeOwnCluster(own)}${masters === 1 ? '' : `, topics on ${masters} masters`}`
    const names = groups.map(
      ({ brokerName, replicas, settings }) => `${brokerName} of ${replicas}${settingsInWords(settings)}`,
    )
    const servers = `${nameServers} name server${nameServers === 1 ? '' : 's'}`
    const apart = proxies === undefined ? '' : ` and ${proxies} ${proxies === 1 ? 'proxy' : 'proxies'}`
    return `${mode}, ${servers}${apart}; ${names.join('; ')}`
  },
  nodeNames: site => rocketmqNodes(rocketmqShape(site)).map(({ name }) => name),
}
