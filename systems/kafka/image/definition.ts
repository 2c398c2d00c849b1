import type { ImageDefinition } from '../../../docker/images/definition.ts'
import type { SystemImages } from '../../shared/images.ts'
import { kafkaInConfluent } from '../confluent.ts'

const pinnedVersions = { kafka: '4.3.1', slf4j: '1.7.36' } as const
const javaClients = new URL('../../../workloads/clients/java/src/', import.meta.url)

const imageFor = (version: string): ImageDefinition => ({
  name: 'kafka',
  version,
  folder: new URL('./', import.meta.url),
  sources: ['common/', 'kafka/'].map(part => ({ folder: new URL(part, javaClients), path: 'client/' })),
  buildArgs: { KAFKA_VERSION: version, SLF4J_VERSION: pinnedVersions.slf4j },
  own: {
    base: () => imageFor(pinnedVersions.kafka),
    folder: new URL('../own-image/', import.meta.url),
    sign: '/opt/kafka/client/run-client',
    // apache/kafka and Strimzi; bitnami; Confluent.
    jars: ['/opt/kafka/libs', '/opt/bitnami/kafka/libs', '/usr/share/java/kafka'],
    versionJar: /^kafka-clients-(\d[\w.-]*)\.jar$/,
    // Confluent's jars have the version of the platform: 7.6.0-ccs.
    versionOf: found => (/-c(?:cs|e)$/.test(found) ? (kafkaInConfluent(found) ?? found) : found),
  },
})

export const kafkaImages: SystemImages = {
  defaultVersion: pinnedVersions.kafka,
  definitions: [imageFor(pinnedVersions.kafka)],
  pinnedVersions,
  imageFor,
}
