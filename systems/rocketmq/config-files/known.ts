/** Which settings RocketMQ knows at each place, which of them Lossproof sets itself, and which cannot cause loss. */
import { ownValue } from '../../../model/input/own-value.ts'
import { refuseValue } from '../../../model/setting-definition.ts'
import { settingsOf } from '../../../workloads/clients/catalog.ts'
import names from '../../../workloads/clients/rocketmq-java/config-names.json' with { type: 'json' }
import type { KnownSettings, SettingPlace } from '../../shared/config-files/types.ts'
import { reservedReason } from '../../shared/settings/known.ts'
import { reservedBrokerSettings, rocketmqSettings } from '../settings/index.ts'

const addresses = 'Lossproof connects clients and brokers through proxies of its own, so that faults can cut each link'
const identity = 'Lossproof names clients and groups itself'

const reservedClient: Readonly<Record<string, string>> = {
  namesrvAddr: addresses,
  accessChannel: addresses,
  clientIP: addresses,
  vipChannelEnabled: addresses,
  sendMessageWithVIPChannel: addresses,
  useTLS: 'all listeners of a test cluster are plaintext',
  instanceName: identity,
  producerGroup: identity,
  consumerGroup: identity,
  namespace: identity,
  namespaceV2: identity,
  unitName: identity,
  unitMode: identity,
  createTopicKey: 'the test creates its topics itself',
  enableTrace: 'message traces go to a topic that the test does not have',
  traceTopic: 'message traces go to a topic that the test does not have',
  accessKey: 'access control is off in a test cluster',
  secretKey: 'access control is off in a test cluster',
}

const noEffectBrokerNames = [
  'deleteWhen',
  'brokerFastFailureEnable',
  '.*ThreadPoolNums',
  '.*ThreadPoolQueueCapacity',
  '.*LogFile.*',
  'metrics\\w*',
  'enablePropertyFilter',
  'enableConsumeQueueExt',
  'messageIndexEnable',
  'messageIndexSafe',
  'maxHashSlotNum',
  'maxIndexNum',
  'traceTopicEnable',
  'msgTraceTopicName',
  'traceOn',
  'autoCreateTopicEnable',
  'autoCreateSubscriptionGroup',
  'defaultTopicQueueNums',
  'aclEnable',
  'filter\\w*',
  'compressedRegister',
]
const noEffectBroker = new RegExp(`^(?:${noEffectBrokerNames.join('|')})$`)
const noEffectClient = /^(?:compress\w*|maxMessageSize|defaultTopicQueueNums|traceMsgBatchNum|language)$/

/** Names that are spelled wrong in documentation and articles, with the real one. */
const misspelt: Readonly<Record<string, string>> = { fileReserverdTime: 'fileReservedTime' }

const isClient = (place: SettingPlace): place is 'producer' | 'consumer' => place === 'producer' || place === 'consumer'

export function knownRocketmqSettings(version: string): KnownSettings {
  const { broker, controller, topic } = rocketmqSettings(version)
  const brokerNames = { ...controller, ...broker }
  return {
    has: (place, name) =>
      isClient(place)
        ? Object.hasOwn(names[place], name) || Object.hasOwn(reservedClient, name)
        : place === 'broker'
          ? Object.hasOwn(brokerNames, name) || reservedReason(reservedBrokerSettings, name) !== undefined
          : place === 'topic' && Object.hasOwn(topic, name),
    names: place =>
      isClient(place) ? Object.keys(names[place]) : place === 'broker' ? Object.keys(brokerNames) : Object.keys(topic),
    refuse: (place, name, value) => {
      if (isClient(place)) return settingsOf('rocketmq-java', place).get(name)?.check(value)
      const definition =
        place === 'broker' ? ownValue(brokerNames, name) : place === 'topic' ? ownValue(topic, name) : undefined
      return definition && refuseValue(definition, value)
    },
    reserved: (place, name) =>
      isClient(place)
        ? ownValue(reservedClient, name)
        : place === 'broker'
          ? reservedReason(reservedBrokerSettings, name)
          : undefined,
  }
}

export function noEffectOnRocketmq(place: SettingPlace, name: string): string | undefined {
  const pattern = isClient(place) ? noEffectClient : noEffectBroker
  return place !== 'topic' && pattern.test(name) ? 'no effect on loss, duplicates or order' : undefined
}

/** Why a name is not a setting, when that is known. */
export function outdatedInRocketmq(name: string): string | undefined {
  const right = ownValue(misspelt, name)
  return right === undefined ? undefined : `misspelt: brokers ignore it; the setting is ${right}`
}
