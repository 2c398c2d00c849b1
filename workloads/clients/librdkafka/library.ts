/**
 * Loads the Node binding at run time. The project does not depend on it, because installing it compiles C++ code. The
 * parts that are used are declared here, because its own types are missing where it is not installed.
 */
import { z } from 'zod'
import { loadPackage } from '../load-package.ts'

const packageName = '@confluentinc/kafka-javascript'
export const version = '1.10.1'
export const installHint =
  `CKJS_LINKING=dynamic npm install --no-save ${packageName}@${version} ` +
  "(compiles librdkafka, which takes minutes and needs g++, make, python3 and Node's headers; " +
  'npm_config_nodedir can name the folder of the headers)'

export interface TopicPartition {
  topic: string
  partition: number
  offset?: number
}

export interface RawMessage {
  partition: number
  offset: number
  value: Buffer | null
}

type Config = Record<string, unknown>
type Done = (error: unknown) => void

interface RawClient {
  connect(options: { timeout?: number }, done: Done): void
  disconnect(done: Done): void
  on(event: 'event.error', listener: (error: unknown) => void): void
}

export interface RawProducer extends RawClient {
  /** Calls `done` with the offset after the delivery report, or before it returns when the message was not accepted. */
  produce(
    topic: string,
    partition: number,
    value: Buffer,
    key: Buffer | null,
    timestamp: null,
    done: (error: unknown, offset: number | null) => void,
  ): void
  getMetadata(options: { topic: string; timeout: number }, done: Done): void
}

export interface RawConsumer extends RawClient {
  on(event: 'event.error', listener: (error: unknown) => void): void
  on(event: 'rebalance', listener: (error: unknown, partitions: TopicPartition[]) => void): void
  on(event: 'offset.commit', listener: (error: unknown, offsets: TopicPartition[]) => void): void
  subscribe(topics: string[]): void
  setDefaultConsumeTimeout(ms: number): void
  consume(count: number, done: (error: unknown, messages: RawMessage[] | undefined) => void): void
  commitCb(offsets: TopicPartition[], done: Done): void
  seek(at: TopicPartition, timeoutMs: number, done: Done): void
  assignments(): TopicPartition[]
}

const isConstructor = (value: unknown) => typeof value === 'function'
const Binding = z.object({
  HighLevelProducer: z.custom<new (config: Config, topicConfig: Config) => RawProducer>(isConstructor),
  KafkaConsumer: z.custom<new (config: Config, topicConfig: Config) => RawConsumer>(isConstructor),
})
export type Binding = z.infer<typeof Binding>

/** Throws LossproofError('capability-missing'). */
export function loadBinding(): Binding {
  return loadPackage({ client: 'librdkafka', packageName, installHint, parse: exported => Binding.parse(exported) })
}
