/** `rocketmq.*` of RocketMQ's starter for Spring Boot (rocketmq-spring-boot-starter). */
import { ownValue } from '../../../model/input/own-value.ts'
import { canonical, isProfile, joined, springLeaves, springPath } from '../../shared/config-files/spring.ts'
import { certain } from '../../shared/config-files/types.ts'
import type { ConfigDocument, ConfigFormat, KeyMeaning, Leaf, ReadKey } from '../../shared/config-files/types.ts'

const prefix = 'rocketmq'
const replaced = 'addresses, names and access keys are those of the test cluster'

/** The starter's name below `rocketmq.producer`, `rocketmq.consumer` or `rocketmq.push-consumer` → the client's setting. */
const renamed: Readonly<Record<'producer' | 'consumer', Readonly<Record<string, string>>>> = {
  producer: {
    sendmessagetimeout: 'sendMsgTimeout',
    retrytimeswhensendfailed: 'retryTimesWhenSendFailed',
    retrytimeswhensendasyncfailed: 'retryTimesWhenSendAsyncFailed',
    retrynextserver: 'retryAnotherBrokerWhenNotStoreOK',
    maxmessagesize: 'maxMessageSize',
    compressmessagebodythreshold: 'compressMsgBodyOverHowmuch',
    group: 'producerGroup',
  },
  consumer: {
    messagemodel: 'messageModel',
    pullbatchsize: 'pullBatchSize',
    consumefromwhere: 'consumeFromWhere',
    consumethreadmax: 'consumeThreadMax',
    consumethreadmin: 'consumeThreadMin',
    maxreconsumetimes: 'maxReconsumeTimes',
    group: 'consumerGroup',
  },
}
const identity = new Set([
  'accesskey',
  'secretkey',
  'topic',
  'selectortype',
  'selectorexpression',
  'enablemsgtrace',
  'customizedtracetopic',
  'tlsenable',
  'namespace',
  'instancename',
  'nameserver',
])

export const springRocketmq: ConfigFormat = {
  label: 'settings of Spring Boot',
  match: document => (springLeaves(document, prefix).some(isClient) ? certain : 0),
  read(document) {
    const profile = isProfile(document)
    const keys = springLeaves(document, prefix).map((leaf): ReadKey => ({
      key: joined(leaf.path),
      leaf,
      meaning: profile
        ? { kind: 'no-effect', reason: 'this document belongs to a profile; only the default profile is read' }
        : meaningOf(leaf),
    }))
    const others = document.leaves.length - keys.length
    const line = document.leaves[0]?.line ?? 1
    return {
      keys,
      nodes: [],
      notes: others > 0 ? [{ line, text: `${others} other values of the application` }] : [],
      mentions: [],
      client: 'rocketmq-java',
    }
  },
  spell({ place, name, value }, document) {
    if (isProfile(document) || (place !== 'producer' && place !== 'consumer')) return []
    const own = ownValue(documentedNames, name)
    const object = place === 'producer' ? 'producer' : consumerOf(document)
    return own === undefined ? [] : [{ path: springPath(document, [prefix, object, own]), value }]
  },
}

/** Names of the starter that can be added, as its documentation spells them. */
const documentedNames: Readonly<Record<string, string>> = {
  sendMsgTimeout: 'send-message-timeout',
  retryTimesWhenSendFailed: 'retry-times-when-send-failed',
  retryTimesWhenSendAsyncFailed: 'retry-times-when-send-async-failed',
  retryAnotherBrokerWhenNotStoreOK: 'retry-next-server',
  messageModel: 'message-model',
  pullBatchSize: 'pull-batch-size',
}

/** `consumer`, or `push-consumer` where the file configures that one. */
function consumerOf(document: ConfigDocument): string {
  const own = document.leaves.map(leaf => parts(leaf)[0] ?? '').find(part => canonical(part).endsWith('consumer'))
  return own ?? 'consumer'
}

const parts = (leaf: Leaf) => joined(leaf.path).split('.').slice(1)
const isClient = (leaf: Leaf) =>
  ['nameserver', 'producer', 'consumer', 'pushconsumer', 'pullconsumer'].includes(canonical(parts(leaf)[0] ?? ''))

function meaningOf(leaf: Leaf): KeyMeaning {
  const [first = '', ...rest] = parts(leaf)
  const head = canonical(first)
  if (head === 'nameserver' || head === 'accesschannel') return { kind: 'replaced', reason: replaced }
  const role = head === 'producer' ? 'producer' : head.endsWith('consumer') ? 'consumer' : undefined
  if (role === undefined) return { kind: 'unknown' }
  const name = canonical(rest.join(''))
  if (identity.has(name)) return { kind: 'replaced', reason: replaced }
  const setting = ownValue(renamed[role], name)
  return setting === undefined
    ? { kind: 'unknown', hint: `the starter has no such property below ${prefix}.${first}` }
    : { kind: 'setting', place: role, name: setting, value: leaf.value }
}
