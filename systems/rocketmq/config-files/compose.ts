/** docker-compose files with one of the common RocketMQ images. Brokers get their settings from a mounted file. */
import { composeServices } from '../../shared/config-files/compose.ts'
import type { ComposeService } from '../../shared/config-files/compose.ts'
import { certain } from '../../shared/config-files/types.ts'
import type { ConfigDocument, ConfigFormat, NodeFact, ReadKey } from '../../shared/config-files/types.ts'

const images = /(?:^|\/)(?:rocketmq|rocketmq-(?:namesrv|nameserver|broker|server|all))$/i
const options = /^(?:JAVA_OPTS?|JAVA_OPT_EXT|JAVA_TOOL_OPTIONS|TZ|MAX_POSSIBLE_HEAP|HEAP_OPTS)$/

const isRocketmq = ({ image, command }: ComposeService) =>
  (images.test(image) && !/console|dashboard|exporter/i.test(image)) || /\bmq(?:namesrv|broker|proxy)\b/.test(command)

export const rocketmqCompose: ConfigFormat = {
  label: 'cluster in docker-compose',
  match: document => (composeServices(document).some(isRocketmq) ? certain : 0),
  read(document) {
    const services = composeServices(document).filter(isRocketmq)
    const version = services.flatMap(versionOf)[0]
    return {
      keys: services.flatMap(keysOf),
      nodes: services.flatMap(service => nodesOf(service, document)),
      notes: [],
      mentions: services.flatMap(({ mounts }) => mounts.filter(({ path }) => /\.(?:conf|properties)$/.test(path))),
      ...(version ? { version } : {}),
    }
  },
}

function versionOf({ image, tag, line }: ComposeService) {
  const text = /^\d+\.\d+(?:\.\d+)?/.exec(tag)?.[0]
  return images.test(image) && text !== undefined ? [{ text, line }] : []
}

function keysOf(service: ComposeService): ReadKey[] {
  return service.environment.map(({ name, leaf }) => ({
    key: name,
    leaf,
    meaning: options.test(name)
      ? { kind: 'no-effect', reason: 'an option of the Java process' }
      : { kind: 'replaced', reason: 'the test cluster has addresses and names of its own' },
  }))
}

/** Brokers themselves are described by their own files. */
function nodesOf(service: ComposeService, document: ConfigDocument): NodeFact[] {
  if (!/\bmqnamesrv\b/.test(service.command) && !/namesrv|nameserver/i.test(service.image)) return []
  return [{ role: 'name-server', count: service.replicas, complete: true, file: document.file, line: service.line }]
}
