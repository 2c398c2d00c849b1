/** What became of each try of a cell that was run again because it was inconclusive. */
import type { CellVerdict } from '../../../model/verdict.ts'
import { verdictNames } from './kinds.ts'
import { countedTexts } from './reasons.ts'

/** `try 1 of 2: inconclusive (reason)`, `try 2 of 2: held; this try counts`. Empty for a cell with one try. */
export function tryTexts({ tries = [] }: Pick<CellVerdict, 'tries'>): string[] {
  return tries.map(({ verdict, reasons, counted }, at) => {
    // Those of the try that counts are the cell's own.
    const why = reasons.length === 0 || counted ? '' : ` (${countedTexts(reasons).join('; ')})`
    return `try ${at + 1} of ${tries.length}: ${verdictNames[verdict]}${why}${counted ? '; this try counts' : ''}`
  })
}
