/**
 * `import 'lossproof/vitest'` adds the matchers to vitest's `expect`, with their types. Import it in a test or in a file of
 * `setupFiles`.
 */
import { expect } from 'vitest'
import { loses, losesNothing } from './losses.ts'
import type { Answer, Losses } from './losses.ts'

export type { Losses, Messages } from './losses.ts'

interface MatcherResult {
  pass: boolean
  message: () => string
}

/** For `expect.extend`, where `expect` is not the one of the package `vitest`. */
export const matchers = {
  toLoseNothing(this: { isNot: boolean }, received: unknown): MatcherResult {
    return resultOf(this.isNot, losesNothing(received))
  },
  toLose(this: { isNot: boolean }, received: unknown, losses?: Losses): MatcherResult {
    return resultOf(this.isNot, loses(received, losses))
  },
}

/** What is undecided fails, with and without `.not`. */
function resultOf(isNot: boolean, { answer, text }: Answer): MatcherResult {
  return { pass: answer === 'undecided' ? isNot : answer === 'yes', message: () => text }
}

expect.extend(matchers)

declare module 'vitest' {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    /**
     * Of a run, a cell or an audit: nothing that was acknowledged is lost, consumers skipped nothing, and nothing is `unsent`.
     * What is inconclusive fails, also with `.not`.
     */
    toLoseNothing: () => R
    /**
     * Of a cell, or a run with one cell: it lost these messages, and skipped none. `{ exactly: 'acked-in(cut)' }`,
     * `{ exactly: 52 }`, `{ atLeast: 1, cause: 'truncated-after-election' }`. What is inconclusive fails, also with `.not`.
     */
    toLose: (losses?: Losses) => R
  }
}
