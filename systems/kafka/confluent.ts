/**
 * Confluent Platform 7.x contains Kafka 3.x, and 8.x Kafka 4.x:
 * https://docs.confluent.io/platform/current/installation/versions-interoperability.html
 */
export function kafkaInConfluent(platform: string): string | undefined {
  const { major, minor } = /^(?<major>[78])\.(?<minor>\d+)/.exec(platform)?.groups ?? {}
  return major === undefined ? undefined : `${Number(major) - 4}.${minor}`
}
