import type { Answer } from './client.ts'

/**
 * One answer for a batch whose messages a library sends one by one: the answer that all of them share, else `unknown`
 * with the first code that is not an acknowledgement.
 */
export function combineAnswers(answers: readonly Answer[]): Answer {
  const kinds = new Set(answers.map(({ answer }) => answer))
  const [first] = answers
  if (first && kinds.size === 1) return first
  return { answer: 'unknown', code: answers.find(({ answer }) => answer !== 'acked')?.code ?? 'UNKNOWN_ERROR' }
}
