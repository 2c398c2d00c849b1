/** docker-compose files with one of the common Kafka images. */
import { composeServices } from '../../shared/config-files/compose.ts'
import type { ComposeService } from '../../shared/config-files/compose.ts'
import { certain } from '../../shared/config-files/types.ts'
import type {
  ConfigDocument,
  ConfigFormat,
  FileNote,
  KeyMeaning,
  KnownSettings,
  Leaf,
  NodeFact,
  ReadKey,
  Readout,
  SpelledSetting,
} from '../../shared/config-files/types.ts'
import { kafkaInConfluent } from '../confluent.ts'
import { brokerDefault } from './known.ts'
import { nodeOf } from './nodes.ts'
import { springVariable } from './spring.ts'

interface ImageFamily {
  images: RegExp
  prefix: string
  /** The version of Kafka that an image with this tag runs; undefined when the tag names none. */
  version: (tag: string) => string | undefined
  /** The setting that a variable stands for; undefined for a variable that is not a setting. */
  setting: (variable: string) => string | undefined
}

/** `KAFKA_LOG_DIRS` → `log.dirs`; `__` stands for `_`, and `___` for `-`. */
const dotted = (prefix: string) => (variable: string) =>
  variable.startsWith(prefix)
    ? variable
        .slice(prefix.length)
        .replaceAll('___', '-')
        .replaceAll('__', '\0')
        .replaceAll('_', '.')
        .replaceAll('\0', '_')
        .toLowerCase()
    : undefined

/** Tags such as `4.1.0`, and `2.13-2.8.1`, which begins with the version of Scala. */
const kafkaTag = (tag: string) => /^(?:2\.\d+-)?(?<version>\d+\.\d+(?:\.\d+)?)/.exec(tag)?.groups?.['version']

const families: readonly ImageFamily[] = [
  {
    images: /(?:^|\/)bitnami(?:legacy|secure)?\/kafka$/,
    prefix: 'KAFKA_CFG_',
    version: kafkaTag,
    setting: dotted('KAFKA_CFG_'),
  },
  {
    images: /^confluentinc\/(?:cp-kafka|cp-server|confluent-local|cp-enterprise-kafka)$/,
    prefix: 'KAFKA_',
    version: kafkaInConfluent,
    setting: dotted('KAFKA_'),
  },
  {
    images: /^(?:apache\/kafka(?:-native)?|wurstmeister\/kafka|ubuntu\/kafka)$/,
    prefix: 'KAFKA_',
    version: kafkaTag,
    setting: dotted('KAFKA_'),
  },
]

/** The variable that a setting is written as: `log.dirs` → `KAFKA_LOG_DIRS`. */
const variableOf = (prefix: string, setting: string) =>
  `${prefix}${setting.replaceAll('_', '__').replaceAll('-', '___').replaceAll('.', '_').toUpperCase()}`

/** Variables of the images themselves, which configure the process and not the broker. */
const kafkaOptions = [
  'HEAP_OPTS',
  'OPTS',
  'JVM_PERFORMANCE_OPTS',
  'JMX_\\w+',
  'LOG4J_\\w+',
  'GC_LOG_OPTS',
  'DEBUG',
  'KRAFT_CLUSTER_ID',
  'CLUSTER_ID',
  'ENABLE_KRAFT',
  'KRAFT_MODE',
  'TOOLS_LOG4J_LOGLEVEL',
  'CREATE_TOPICS',
].join('|')
const imageOptions = new RegExp(
  `^(?:KAFKA_(?:${kafkaOptions})|CLUSTER_ID|ALLOW_PLAINTEXT_LISTENER|BITNAMI_DEBUG|TZ|LANG|LC_ALL)$`,
)

const otherBrokers = /(?:^|\/)(?:redpanda|redpandadata\/redpanda|automqinc\/automq|warpstream\S*)$/

/** By the image; else, for an image of the user's own, by variables that stand for settings of brokers. */
function familyOf(service: ComposeService, known: KnownSettings): ImageFamily | undefined {
  const byImage = families.find(({ images }) => images.test(service.image))
  if (byImage || otherBrokers.test(service.image)) return byImage
  return families.find(({ setting }) => {
    const settings = service.environment.filter(({ name }) => known.has('broker', setting(name) ?? ''))
    return settings.length >= 2
  })
}

export const kafkaCompose: ConfigFormat = {
  label: 'cluster in docker-compose',
  match(document, known) {
    const isOurs = (service: ComposeService) =>
      familyOf(service, known) !== undefined || service.environment.some(({ name }) => isSpring(name))
    return composeServices(document).some(isOurs) ? certain : 0
  },
  read(document, known) {
    const services = composeServices(document)
    const brokers = services.filter(service => familyOf(service, known) !== undefined)
    const version = brokers.flatMap(service => versionOf(service) ?? [])[0]
    return {
      keys: services.flatMap(service => keysOf(service, known)),
      nodes: brokers.flatMap(service => nodesOf(service, document, known)),
      notes: services.flatMap(service => notesOf(service)),
      mentions: brokers.flatMap(({ mounts }) => mounts.filter(({ path }) => /\.(?:properties|conf)$/.test(path))),
      ...(version ? { version } : {}),
    }
  },
  spell({ place, name, value }, document, known) {
    const setting = place === 'broker' ? name : place === 'topic' ? brokerDefault(name, known) : undefined
    if (setting === undefined) return []
    return composeServices(document).flatMap((service): SpelledSetting[] => {
      const family = familyOf(service, known)
      const [first] = service.environment
      if (!family || !first) return []
      const variable = variableOf(family.prefix, setting)
      const path = ['services', service.name, 'environment']
      const as = place === 'topic' ? { as: { place: 'broker', name: setting } as const } : {}
      const isList = /^\d+$/.test(first.leaf.path[3] ?? '')
      if (isList) return [{ path, item: variable, value, ...as }]
      // docker-compose refuses a boolean without quotes.
      return [{ path: [...path, variable], value: typeof value === 'boolean' ? String(value) : value, ...as }]
    })
  },
}

/** Only known images: the tag of an image of the user's own can mean anything. */
function versionOf({ image, tag, line }: ComposeService): Readout['version'] {
  const text = families.find(({ images }) => images.test(image))?.version(tag)
  return text === undefined ? undefined : { text, line }
}

const isSpring = (name: string) => /^SPRING_KAFKA_/i.test(name)

function keysOf(service: ComposeService, known: KnownSettings): ReadKey[] {
  const family = familyOf(service, known)
  return service.environment.flatMap(({ name, leaf }): ReadKey[] => {
    if (isSpring(name)) return [{ key: name, leaf, meaning: springVariable(name, leaf) }]
    if (!family || !/^(?:KAFKA_|CLUSTER_ID|ALLOW_PLAINTEXT)/.test(name)) return []
    return [{ key: name, leaf, meaning: variableMeaning(family, name, leaf, known) }]
  })
}

function variableMeaning(family: ImageFamily, name: string, leaf: Leaf, known: KnownSettings): KeyMeaning {
  if (imageOptions.test(name)) return { kind: 'no-effect', reason: 'an option of the image, not of the broker' }
  const setting = family.setting(name)
  if (setting?.startsWith('cfg.') && known.has('broker', setting.slice(4)))
    return {
      kind: 'unknown',
      hint: `KAFKA_CFG_ is a prefix of bitnami's images; this image reads KAFKA_${name.slice(10)}`,
    }
  if (setting !== undefined) return { kind: 'setting', place: 'broker', name: setting, value: leaf.value }
  const plain = dotted('KAFKA_')(name) ?? ''
  return known.has('broker', plain)
    ? { kind: 'unknown', hint: `this image reads settings with the prefix KAFKA_CFG_: KAFKA_CFG_${name.slice(6)}` }
    : { kind: 'no-effect', reason: 'an option of the image, not of the broker' }
}

function nodesOf(service: ComposeService, document: ConfigDocument, known: KnownSettings): NodeFact[] {
  const family = familyOf(service, known)
  const value = (setting: string) =>
    service.environment.find(({ name }) => family?.setting(name) === setting)?.leaf.value ?? null
  return nodeOf({
    roles: value('process.roles'),
    voters: value('controller.quorum.voters'),
    count: service.replicas,
    complete: true,
    file: document.file,
    line: service.line,
  })
}

function notesOf(service: ComposeService): FileNote[] {
  if (otherBrokers.test(service.image))
    return [
      { line: service.line, text: `${service.image} is not Apache Kafka; its service ${service.name} is not read` },
    ]
  return service.environment
    .filter(({ name }) => name === 'KAFKA_CREATE_TOPICS')
    .map(({ leaf }) => ({ line: leaf.line, text: 'topics in KAFKA_CREATE_TOPICS are not read; name one in a file' }))
}
