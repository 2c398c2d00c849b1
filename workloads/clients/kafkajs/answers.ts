/**
 * Classifies an error of kafkajs as `rejected` or `unknown`.
 *
 * A message is rejected when none of kafkajs' attempts, including its hidden retries, can have been stored: either no
 * attempt got as far as a request, or every attempt was answered with a code from before the append.
 */
import { createRequire } from 'node:module'
import { z } from 'zod'
import { beforeAppend } from '../kafka-common/before-append.ts'
import type { Answer } from '../client.ts'
import type { Attempt } from './attempts.ts'

/** Codes that Kafka has renamed and kafkajs has not. */
const renamed: Readonly<Record<string, string>> = { NOT_LEADER_FOR_PARTITION: 'NOT_LEADER_OR_FOLLOWER' }

const maxCauses = 8

/** `attempts`: all attempts that kafkajs made for this send, in order. */
export function classify(error: unknown, attempts: readonly Attempt[]): Answer {
  const codes = attempts.map(attempt => codeByMessage.get(attempt.error ?? ''))
  if (codes.every(code => code !== undefined && beforeAppend.has(code))) {
    return { answer: 'rejected', code: codes.at(-1) ?? codeOf(error) }
  }
  return { answer: 'unknown', code: codeOf(error) }
}

/** The broker's error code, found at any depth of causes; else the name of the innermost error. */
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

/** kafkajs logs only the message of an attempt's error. Each code has a message of its own. */
const codeByMessage = new Map(
  z
    .object({ errorCodes: z.array(z.object({ type: z.string(), message: z.string() })) })
    .parse(createRequire(import.meta.url)('kafkajs/src/protocol/error.js'))
    .errorCodes.map(({ type, message }) => [message, documented(type)]),
)
