/**
 * What an error of kafkajs says about the message: `rejected` or `unknown`.
 *
 * A message is rejected when none of kafkajs' attempts, the hidden ones included, can have been stored: no attempt got
 * as far as a request, or every single one was answered with a code from before the append. Everything else is unknown.
 */
import { createRequire } from 'node:module'
import { z } from 'zod'
import { beforeAppend } from '../kafka-common/before-append.ts'
import type { Answer } from '../client.ts'
import type { Attempt } from './attempts.ts'

/** kafkajs' words for what Kafka has renamed. */
const renamed: Readonly<Record<string, string>> = { NOT_LEADER_FOR_PARTITION: 'NOT_LEADER_OR_FOLLOWER' }

const maxCauses = 8

/** `attempts`: all that kafkajs made for this send, in order. */
export function classify(error: unknown, attempts: readonly Attempt[]): Answer {
  const codes = attempts.map(attempt => codeByMessage.get(attempt.error ?? ''))
  if (codes.every(code => code !== undefined && beforeAppend.has(code))) {
    return { answer: 'rejected', code: codes.at(-1) ?? codeOf(error) }
  }
  return { answer: 'unknown', code: codeOf(error) }
}

/** The broker's own word where there is one, at any depth of causes; else the name of the innermost error. */
export function codeOf(error: unknown): string {
  let at = error
  for (let depth = 0; depth < maxCauses; depth++) {
    if (!(at instanceof Error)) return typeof at === 'string' ? at : 'UNKNOWN_ERROR'
    if ('type' in at && typeof at.type === 'string') return documented(at.type)
    if (!(at.cause instanceof Error) || at.cause === at) return at.name
    at = at.cause
  }
  return 'UNKNOWN_ERROR'
}

function documented(type: string): string {
  return renamed[type] ?? type
}

/** kafkajs tells of an attempt's error in words alone; each code has its own. */
const codeByMessage = new Map(
  z
    .object({ errorCodes: z.array(z.object({ type: z.string(), message: z.string() })) })
    .parse(createRequire(import.meta.url)('kafkajs/src/protocol/error.js'))
    .errorCodes.map(({ type, message }) => [message, documented(type)]),
)
