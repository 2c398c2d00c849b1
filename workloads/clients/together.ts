import type { Answer } from './client.ts'

/** Of messages that a library sends one by one, the answers as one: what all of them are, else unknown with the first code. */
export function together(answers: readonly Answer[]): Answer {
  const kinds = new Set(answers.map(({ answer }) => answer))
  const [first] = answers
  if (first && kinds.size === 1) return first
  return { answer: 'unknown', code: answers.find(({ answer }) => answer !== 'acked')?.code ?? 'UNKNOWN_ERROR' }
}
