import type { Ability } from '../../model/abilities.ts'
import type { SystemFacts } from '../shared/facts.ts'
import { kafkaAudit } from './audit/index.ts'
import { kafkaAutopsy } from './autopsy/index.ts'
import { kafkaImages } from './image/definition.ts'
import { describeOwnCluster } from '../shared/own-cluster/settings.ts'
import { settingsInWords } from '../shared/planning.ts'
import { kafkaConfigFiles } from './config-files/index.ts'
import { kafkaPlanning } from './planning.ts'
import { nodesOf } from './properties.ts'
import { kafkaShape } from './shape.ts'
import { kafkaStress } from './stress.ts'

export const kafkaAbilities = [
  'transfer-leadership',
  'controller-epoch',
  'replication-mesh',
  'application',
] as const satisfies readonly Ability[]

export const kafka: SystemFacts = {
  id: 'kafka',
  label: 'Kafka',
  roles: [
    'leader',
    'follower',
    'controller',
    'controller-majority',
    'all',
    'minority',
    'majority',
    'other-than(leader)',
    'next',
    'coordinator',
  ],
  abilities: kafkaAbilities,
  sendStatuses: [],
  planning: kafkaPlanning,
  configFiles: kafkaConfigFiles,
  autopsy: kafkaAutopsy,
  audit: kafkaAudit,
  stress: kafkaStress,
  images: kafkaImages,
  words: { leader: 'leader', inSync: 'ISR', commonRoles: {} },
  describeCluster(site) {
    const { brokers, controllers, broker, own } = kafkaShape(site)
    if (own !== undefined) return describeOwnCluster(own)
    const named = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`
    const apart = controllers === 0 ? '' : ` and ${named(controllers, 'controller')}`
    return `${named(brokers, 'broker')}${apart}${settingsInWords(broker)}`
  },
  // Only a cluster of the user's own knows the numbers of its nodes.
  nodeNames(site) {
    const shape = kafkaShape(site)
    return shape.own === undefined ? nodesOf(shape).map(({ name }) => name) : []
  },
}
