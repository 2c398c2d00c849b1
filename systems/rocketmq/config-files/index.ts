/** The configuration files that can describe a RocketMQ cluster and its clients. */
import type { ConfigFileFacts } from '../../shared/config-files/types.ts'
import { rocketmqCluster, rocketmqTopic } from './cluster.ts'
import { rocketmqCompose } from './compose.ts'
import { rocketmqDangers } from './dangers.ts'
import { knownRocketmqSettings, noEffectOnRocketmq, outdatedInRocketmq } from './known.ts'
import { brokerConf, clientProperties, nameServerConf } from './properties.ts'
import { springRocketmq } from './spring.ts'

export function rocketmqConfigFiles(version: string): ConfigFileFacts {
  return {
    formats: [rocketmqCompose, springRocketmq, nameServerConf, brokerConf, ...clientProperties],
    known: knownRocketmqSettings(version),
    cluster: rocketmqCluster,
    topicDefaults: rocketmqTopic,
    noEffect: noEffectOnRocketmq,
    outdated: outdatedInRocketmq,
    dangers: rocketmqDangers,
    defaultClient: 'rocketmq-java',
  }
}
