/**
 * Loads RocketMQ's own gRPC client for Node at run time. The project does not depend on it, because it brings gRPC and
 * protocol buffers along. The parts that are used are declared here.
 */
import { z } from 'zod'
import { loadPackage } from '../load-package.ts'

const packageName = 'rocketmq-client-nodejs'
export const version = '1.0.8'
export const installHint = `npm install --no-save ${packageName}@${version}`

interface Status {
  code: number
}

/** A proxy's answer to a send: one status for the request, and one for each message. */
export interface SendResponse {
  toObject(): { status?: Status; entriesList: { status?: Status; offset: number }[] }
}

export interface RawProducer {
  startup(): Promise<void>
  shutdown(): Promise<void>
  send(message: { topic: string; body: Buffer }): Promise<unknown>
  /**
   * The object through which all requests leave. It is private in the library's types; replacing its method shows each
   * answer.
   */
  readonly rpcClientManager: { sendMessage: (...given: unknown[]) => Promise<SendResponse> }
}

export interface Logger {
  info(...words: unknown[]): void
  warn(...words: unknown[]): void
  error(...words: unknown[]): void
}

export interface ProducerOptions {
  endpoints: string
  namespace: string
  topics: string[]
  requestTimeout: number
  maxAttempts: number
  logger: Logger
}

const Binding = z.object({
  Producer: z.custom<new (options: ProducerOptions) => RawProducer>(value => typeof value === 'function'),
})
export type Binding = z.infer<typeof Binding>

/** Throws LossproofError('capability-missing'). */
export function loadBinding(): Binding {
  return loadPackage({ client: 'rocketmq-grpc', packageName, installHint, parse: exported => Binding.parse(exported) })
}
