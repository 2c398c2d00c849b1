/** The configuration files that can describe a Kafka cluster and its clients. */
import { ownValue } from '../../../model/input/own-value.ts'
import { refuseValue } from '../../../model/setting-definition.ts'
import { reservedReason } from '../../shared/settings/known.ts'
import type { ConfigFileFacts } from '../../shared/config-files/types.ts'
import { kafkaSettings, reservedBrokerSettings } from '../settings/index.ts'
import { kafkaCluster, kafkaTopic } from './cluster.ts'
import { kafkaCompose } from './compose.ts'
import { kafkaDangers } from './dangers.ts'
import { kafkajs } from './kafkajs.ts'
import { knownKafkaSettings, noEffectOnKafka, outdatedInKafka } from './known.ts'
import { librdkafka } from './librdkafka.ts'
import { kafkaProperties } from './properties.ts'
import { springKafka } from './spring.ts'
import { strimziFormats } from './strimzi.ts'

/** Settings with a class as their value. Only the authorizer is of another type in the tables. */
const namesAClass = (name: string, type: string | undefined) => type === 'class' || /\.class(?:\.name)?$/.test(name)

export function kafkaConfigFiles(version: string): ConfigFileFacts {
  const tables = kafkaSettings(version)
  return {
    formats: [...strimziFormats, kafkaCompose, springKafka, librdkafka, kafkajs, ...kafkaProperties],
    known: knownKafkaSettings({
      names: place => new Set(Object.keys(tables[place])),
      refuse: (place, name, value) => {
        const definition = ownValue(tables[place], name)
        return definition && refuseValue(definition, value)
      },
      reserved: name => reservedReason(reservedBrokerSettings, name),
      isClass: name => namesAClass(name, ownValue(tables.broker, name)?.type),
    }),
    cluster: kafkaCluster,
    topicDefaults: kafkaTopic,
    noEffect: noEffectOnKafka,
    outdated: outdatedInKafka,
    dangers: kafkaDangers,
    defaultClient: 'java',
  }
}
