/** Lists and removes topics and groups. A topic has to be removed from its brokers and from the name servers. */
import type { RemotingClient } from './client.ts'
import { RequestCode } from './wire/codes.ts'
import { intOf, listOf, objectOf, parseObject } from './wire/json.ts'
import type { JsonObject } from './wire/json.ts'

/** All topics of a broker, those of the system included: by name, the number of queues to write to. */
export async function topicsOfBroker(client: RemotingClient, address: string): Promise<Map<string, number>> {
  const topics = await tableOf(client, address, RequestCode.GET_ALL_TOPIC_CONFIG, 'topicConfigTable')
  return new Map(
    [...topics].map(([name, config]) => [name, intOf(objectOf(config, name), 'writeQueueNums', `topic ${name}`)]),
  )
}

/** Names of all groups of consumers that a broker knows. */
export async function groupsOfBroker(client: RemotingClient, address: string): Promise<string[]> {
  const code = RequestCode.GET_ALL_SUBSCRIPTIONGROUP_CONFIG
  return [...(await tableOf(client, address, code, 'subscriptionGroupTable')).keys()]
}

/** Names of all topics that a name server knows. Throws RefusedError where enableAllTopicList is false. */
export async function topicsOfNameServer(client: RemotingClient, address: string): Promise<string[]> {
  const what = 'list of topics'
  const request = { code: RequestCode.GET_ALL_TOPIC_LIST_FROM_NAMESERVER, fields: {} }
  const { body } = await client.call(address, request, what)
  return body.length === 0 ? [] : listOf(parseObject(body, what), 'topicList', what).map(String)
}

/** A topic that the broker does not have is no error. */
export async function deleteTopic(client: RemotingClient, address: string, topic: string): Promise<void> {
  const request = { code: RequestCode.DELETE_TOPIC_IN_BROKER, fields: { topic } }
  await client.call(address, request, `removal of topic ${topic}`)
}

/** Brokers that still have the topic register it again. */
export async function deleteRoute(client: RemotingClient, nameServer: string, topic: string): Promise<void> {
  const request = { code: RequestCode.DELETE_TOPIC_IN_NAMESRV, fields: { topic } }
  await client.call(nameServer, request, `removal of topic ${topic}`)
}

/** Removes a group with its offsets. */
export async function deleteGroup(client: RemotingClient, address: string, group: string): Promise<void> {
  // Versions disagree about the name of the second field, and ignore the other one.
  const fields = { groupName: group, cleanOffset: true, removeOffset: true }
  await client.call(address, { code: RequestCode.DELETE_SUBSCRIPTIONGROUP, fields }, `removal of group ${group}`)
}

async function tableOf(client: RemotingClient, address: string, code: number, table: string): Promise<JsonObject> {
  const { body } = await client.call(address, { code, fields: {} }, table)
  return objectOf(parseObject(body, table).get(table) ?? {}, table)
}
