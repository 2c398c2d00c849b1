/** Classifies an error of @platformatic/kafka as `rejected` or `unknown`. */
import { beforeAppend } from '../kafka-common/before-append.ts'
import type { Answer } from '../client.ts'

const maxErrors = 100

/**
 * `allAttemptsKnown`: whether the error contains every attempt. It does unless `repeatOnStaleMetadata` is on: when the
 * library starts over because of stale metadata, it forgets the attempts before.
 */
export function classify(error: unknown, allAttemptsKnown: boolean): Answer {
  const leaves = leavesOf(error)
  const codes = leaves.map(codeOf)
  const code = codes.at(-1) ?? 'UNKNOWN_ERROR'
  return {
    answer: allAttemptsKnown && codes.length > 0 && codes.every(one => beforeAppend.has(one)) ? 'rejected' : 'unknown',
    code,
  }
}

/** The library nests the errors of attempts, brokers and partitions. The last one is the most recent. */
function leavesOf(error: unknown): unknown[] {
  const leaves: unknown[] = []
  const open: unknown[] = [error]
  for (let at = open.pop(); at !== undefined && leaves.length < maxErrors; at = open.pop()) {
    if (at instanceof AggregateError && at.errors.length > 0) open.push(...at.errors.toReversed())
    else leaves.push(at)
  }
  return leaves
}

/** The broker's code, else the library's (PLT_KFK_NETWORK, PLT_KFK_TIMEOUT…), else the error's name. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN_ERROR'
  if ('apiId' in error && typeof error.apiId === 'string') return error.apiId
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
