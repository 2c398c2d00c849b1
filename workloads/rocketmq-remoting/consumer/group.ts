/**
 * Membership of a consumer group. A broker knows the members by their heartbeats, and returns the list of all members.
 */
import type { RemotingClient } from '../client.ts'
import { nameOfCode, RequestCode, ResponseCode } from '../wire/codes.ts'
import { RefusedError } from '../errors.ts'
import { listOf, parseObject } from '../wire/json.ts'

export type MessageModel = 'CLUSTERING' | 'BROADCASTING'

export interface Membership {
  group: string
  model: MessageModel
  consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET' | 'CONSUME_FROM_LAST_OFFSET'
  /** Subscription expressions by topic. */
  subscriptions: ReadonlyMap<string, string>
}

/** Registers this client as a member. The broker then notifies the other members of the change. */
export async function heartbeat(client: RemotingClient, address: string, member: Membership): Promise<void> {
  const body = {
    clientID: client.clientId,
    producerDataSet: [],
    consumerDataSet: [
      {
        groupName: member.group,
        consumeType: 'CONSUME_PASSIVELY',
        messageModel: member.model,
        consumeFromWhere: member.consumeFromWhere,
        unitMode: false,
        subscriptionDataSet: [...member.subscriptions].map(([topic, subString]) => ({
          topic,
          subString,
          tagsSet: [],
          codeSet: [],
          classFilterMode: false,
          subVersion: 0,
          expressionType: 'TAG',
        })),
      },
    ],
  }
  await client.call(
    address,
    { code: RequestCode.HEART_BEAT, fields: {}, body: Buffer.from(JSON.stringify(body)) },
    `heartbeat of ${member.group}`,
  )
}

/** Sorted client ids of the members that this broker knows. */
export async function membersOf(client: RemotingClient, address: string, group: string): Promise<string[]> {
  const what = `members of ${group} at ${address}`
  const answer = await client.request(address, {
    code: RequestCode.GET_CONSUMER_LIST_BY_GROUP,
    fields: { consumerGroup: group },
  })
  // The broker's answer when the group has no members.
  if (answer.code === ResponseCode.SYSTEM_ERROR) return []
  if (answer.code !== ResponseCode.SUCCESS)
    throw new RefusedError(what, answer.code, nameOfCode(answer.code), answer.remark)
  // A member is listed twice until the broker has noticed that its old connection is gone.
  return [...new Set(listOf(parseObject(answer.body, what), 'consumerIdList', what).map(String))].toSorted(byCodeUnit)
}

/** Leaves the group at once. Otherwise a member leaves when its connection ends. */
export async function leave(client: RemotingClient, address: string, group: string): Promise<void> {
  await client.call(
    address,
    { code: RequestCode.UNREGISTER_CLIENT, fields: { clientID: client.clientId, consumerGroup: group } },
    `leave ${group}`,
  )
}

/** The order in which Java sorts strings. */
const byCodeUnit = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
