/** The client and the routes that the adapter of a lane uses. */
import type { ClientConfig } from '../client.ts'
import { RemotingClient, Routes } from '../../rocketmq-remoting/index.ts'
import type { MessageQueue } from '../../rocketmq-remoting/index.ts'

export interface Connected {
  client: RemotingClient
  routes: Routes
  /** The queue of each partition. */
  queues: readonly MessageQueue[]
}

/** Opens no connection yet. `bootstrap`: the name servers, as they advertise themselves. */
export function connectTo({
  bootstrap,
  addresses = {},
  queues = [],
  clientId,
  topic,
}: Pick<ClientConfig, 'bootstrap' | 'addresses' | 'queues' | 'clientId' | 'topic'>): Connected {
  const client = new RemotingClient({ clientId, mapAddress: advertised => addresses[advertised] ?? advertised })
  return { client, routes: new Routes(client, bootstrap), queues: queues.map(queue => ({ ...queue, topic })) }
}
