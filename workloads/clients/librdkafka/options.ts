/** Maps Kafka's documented names to librdkafka's. Unset settings stay unset, so that the library's defaults apply. */
import type { Settings } from '../../../model/plan.ts'
import type { ClientConfig, ConsumerConfig } from '../client.ts'

/** librdkafka's names by documented name, where they differ. */
export const renamed: Readonly<Record<string, readonly string[]>> = {
  'request.timeout.ms': ['request.timeout.ms', 'socket.timeout.ms'],
  'max.request.size': ['message.max.bytes'],
  'fetch.max.wait.ms': ['fetch.wait.max.ms'],
}
/** Settings that the adapter applies elsewhere: as an argument of consume(), and in the topic configuration. */
const appliedElsewhere: ReadonlySet<string> = new Set(['max.poll.records', 'auto.offset.reset'])

export function producerOptions({
  bootstrap,
  clientId,
  settings,
  clientSettings,
}: ClientConfig): Record<string, unknown> {
  return { 'metadata.broker.list': bootstrap.join(','), 'client.id': clientId, ...mapped(settings), ...clientSettings }
}

export function consumerOptions({
  bootstrap,
  clientId,
  group,
  settings,
  clientSettings,
}: ConsumerConfig): Record<string, unknown> {
  const { 'request.timeout.ms': socketTimeout, ...others } = settings
  return {
    'metadata.broker.list': bootstrap.join(','),
    'client.id': clientId,
    'group.id': group,
    rebalance_cb: true,
    offset_commit_cb: true,
    ...mapped(others),
    ...(socketTimeout === undefined ? {} : { 'socket.timeout.ms': socketTimeout }),
    ...clientSettings,
  }
}

function mapped(settings: Settings): Record<string, unknown> {
  const pairs = Object.entries(settings).filter(([name]) => !appliedElsewhere.has(name))
  return Object.fromEntries(pairs.flatMap(([name, value]) => (renamed[name] ?? [name]).map(own => [own, value])))
}
