/** Everything that the images pin, in one place. */
export const versions = {
  debian: 'bookworm',
  kafka: '4.3.1',
  rocketmq: '5.5.0',
  /** The last of its line on Maven Central; its brokers still answer SLAVE_NOT_AVAILABLE. */
  rocketmq4: '4.9.7',
  /** Of the client in Java, whichever brokers it meets. */
  rocketmqClient: '5.5.0',
  jackson: '2.21.2',
  slf4j: '1.7.36',
  toxiproxy: '2.12.0',
} as const

/** The image of a version of RocketMQ: 4.x and 5.x are built by different recipes. */
export const rocketmqImage = (version: string) => (version.startsWith('4.') ? 'rocketmq4' : 'rocketmq')
