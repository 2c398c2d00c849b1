/** Kafka's documented names → those of @platformatic/kafka. What is not set stays unset. */
import type { BaseOptions } from '@platformatic/kafka'
import { given, number } from '../settings.ts'
import type { ClientConfig } from '../client.ts'

export function baseOptions({ bootstrap, clientId, settings, clientSettings: own }: ClientConfig): BaseOptions {
  return {
    clientId,
    bootstrapBrokers: bootstrap,
    ...given({
      retries: number(settings['retries']),
      retryDelay: number(settings['retry.backoff.ms']),
      timeout: number(settings['request.timeout.ms'] ?? own['timeout']),
      requestTimeout: number(settings['request.timeout.ms'] ?? own['requestTimeout']),
      connectTimeout: number(settings['socket.connection.setup.timeout.ms']),
      maxInflights: number(settings['max.in.flight.requests.per.connection']),
      metadataMaxAge: number(settings['metadata.max.age.ms']),
    }),
  }
}
