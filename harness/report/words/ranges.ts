/** The ranges of messages that a verdict explains, with the word that reports use for each kind. */
import type { CellVerdict, ExplainedRange, LostRange } from '../../../model/verdict.ts'

type Explained = Pick<CellVerdict, 'lost' | 'skipped'> & { unsent?: CellVerdict['unsent'] | undefined }

/** `place`: of lost messages only. */
export interface WordedRange extends ExplainedRange {
  word: 'lost' | 'skipped' | 'lost unnoticed'
  place?: LostRange['place']
}

/** Lost ones first, then those that consumers passed over, then those that were never sent. */
export function explainedRanges({ lost, skipped, unsent = [] }: Explained): WordedRange[] {
  return [
    ...lost.map(range => ({ ...range, word: 'lost' as const })),
    ...skipped.map(range => ({ ...range, word: 'skipped' as const })),
    ...unsent.map(range => ({ ...range, word: 'lost unnoticed' as const })),
  ]
}
