/**
 * Maps Kafka's documented names to those of @platformatic/kafka. Unset settings stay unset, so that its defaults apply.
 */
import type { BaseOptions } from '@platformatic/kafka'
import { withoutUndefined, asNumber } from '../setting-values.ts'
import type { ClientConfig } from '../client.ts'

export function baseOptions({ bootstrap, clientId, settings, clientSettings: own }: ClientConfig): BaseOptions {
  return {
    clientId,
    bootstrapBrokers: bootstrap,
    ...withoutUndefined({
      retries: asNumber(settings['retries']),
      retryDelay: asNumber(settings['retry.backoff.ms']),
      timeout: asNumber(settings['request.timeout.ms'] ?? own['timeout']),
      requestTimeout: asNumber(settings['request.timeout.ms'] ?? own['requestTimeout']),
      connectTimeout: asNumber(settings['socket.connection.setup.timeout.ms']),
      maxInflights: asNumber(settings['max.in.flight.requests.per.connection']),
      metadataMaxAge: asNumber(settings['metadata.max.age.ms']),
    }),
  }
}
