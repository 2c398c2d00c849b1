/** Kafka's documented names → librdkafka's. What is not set stays unset, so that the library's own defaults hold. */
import type { Settings } from '../../../model/plan.ts'
import type { ClientConfig, ConsumerConfig } from '../client.ts'

/** Documented name → librdkafka's names, where they differ. */
export const renamed: Readonly<Record<string, readonly string[]>> = {
  'request.timeout.ms': ['request.timeout.ms', 'socket.timeout.ms'],
  'max.request.size': ['message.max.bytes'],
  'fetch.max.wait.ms': ['fetch.wait.max.ms'],
}
/** Not the library's: ours, or of its topic configuration. */
const apart: ReadonlySet<string> = new Set(['max.poll.records', 'auto.offset.reset'])

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
  const pairs = Object.entries(settings).filter(([name]) => !apart.has(name))
  return Object.fromEntries(pairs.flatMap(([name, value]) => (renamed[name] ?? [name]).map(own => [own, value])))
}
