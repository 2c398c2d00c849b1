/**
 * The client libraries and the facts that their folders declare. Pure data; index.ts loads the libraries themselves.
 */
import { applicationClient } from '../../model/plan.ts'
import type { Settings } from '../../model/plan.ts'
import type { PayloadFormat } from '../payload-format.ts'
import { facts as command } from './command/facts.ts'
import type { Application, ClientFacts, Role, SettingMap } from './facts.ts'
import { facts as java } from './java/facts.ts'
import { facts as kafkajs } from './kafkajs/facts.ts'
import { facts as librdkafka } from './librdkafka/facts.ts'
import { facts as platformatic } from './platformatic/facts.ts'
import { facts as rocketmqGrpc } from './rocketmq-grpc/facts.ts'
import { facts as rocketmqJava } from './rocketmq-java/facts.ts'
import { facts as rocketmqRemoting } from './rocketmq-remoting/facts.ts'

export const clients: Readonly<Record<string, ClientFacts>> = {
  kafkajs,
  platformatic,
  librdkafka,
  java,
  command,
  'rocketmq-remoting': rocketmqRemoting,
  'rocketmq-java': rocketmqJava,
  'rocketmq-grpc': rocketmqGrpc,
}

/** Ids of the clients of `system` that support `role`. */
export function clientIds(system: string, role: Role): string[] {
  return Object.entries(clients).flatMap(([id, facts]) => (facts.system === system && facts.settings[role] ? [id] : []))
}

/** The documented settings that the client supports in `role`; empty for an unknown client. */
export function settingsOf(client: string, role: Role): SettingMap {
  return clients[client]?.settings[role] ?? new Map()
}

/** The settings that only this client has, for both roles. */
export function ownSettingsOf(client: string): SettingMap {
  return clients[client]?.own ?? new Map()
}

/** Why these settings cannot be combined, or what the application around the client cannot do; undefined when fine. */
export function conflictOf(
  client: string,
  role: Role,
  settings: Settings,
  application: Application = {},
): string | undefined {
  return clients[client]?.conflict?.(role, settings, application)
}

/** Whether one send call can go to several partitions. */
export function canSpread(client: string): boolean {
  return clients[client]?.spreads === true
}

/** Whether its producers can give messages a header. */
export function canSendHeaders(client: string): boolean {
  return clients[client]?.headers === true
}

/** Whether the client takes settings of every name. */
export function passesSettings(client: string): boolean {
  return clients[client]?.passesSettings === true
}

/** What the messages of a producer contain. */
export function payloadOf(producer: { client: string; clientSettings: Settings }): PayloadFormat {
  return clients[producer.client]?.payload?.(producer.clientSettings) ?? 'lossproof'
}

/** Whether a consumer of the client can have several workers. */
export function canPool(client: string): boolean {
  return clients[client]?.pools === true
}

/** Where the client's process runs. */
export function runsIn(client: string): ClientFacts['runsIn'] {
  if (client === applicationClient) return 'command'
  return clients[client]?.runsIn ?? 'node'
}
