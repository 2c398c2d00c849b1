import type { ImageDefinition } from '../../../docker/images/definition.ts'
import type { SystemImages } from '../../shared/images.ts'

const pinnedVersions = {
  rocketmq: '5.5.0',
  /** The last 4.x release on Maven Central. Only 4.x brokers answer SLAVE_NOT_AVAILABLE. */
  rocketmq4: '4.9.7',
  /** The Java client's version, independent of the broker's. */
  rocketmqClient: '5.5.0',
  jackson: '2.21.2',
} as const
const javaClients = new URL('../../../workloads/clients/java/src/', import.meta.url)

/** One Dockerfile builds 4.x and 5.x; the images have different names because one run may need both. */
const imageFor = (version: string): ImageDefinition => ({
  name: version.startsWith('4.') ? 'rocketmq4' : 'rocketmq',
  version,
  folder: new URL('./', import.meta.url),
  sources: ['common/', 'rocketmq/'].map(part => ({ folder: new URL(part, javaClients), path: 'client/' })),
  buildArgs: {
    ROCKETMQ_VERSION: version,
    CLIENT_VERSION: pinnedVersions.rocketmqClient,
    JACKSON_VERSION: pinnedVersions.jackson,
  },
  own: {
    base: () => imageFor(version.startsWith('4.') ? pinnedVersions.rocketmq4 : pinnedVersions.rocketmq),
    folder: new URL('../own-image/', import.meta.url),
    sign: '/opt/rocketmq/client/run-client',
    jars: ['$ROCKETMQ_HOME/lib', '/opt/rocketmq/lib'],
    versionJar: /^rocketmq-broker-(\d[\w.-]*)\.jar$/,
  },
})

export const rocketmqImages: SystemImages = {
  defaultVersion: pinnedVersions.rocketmq,
  definitions: [imageFor(pinnedVersions.rocketmq), imageFor(pinnedVersions.rocketmq4)],
  pinnedVersions,
  imageFor,
}
