/** The file of accepted risks: probes whose losses do not fail an audit. It belongs into the user's repository. */
import { existsSync } from 'node:fs'
import { z } from 'zod'
import { readHistoryText } from '../../../history/open-file.ts'
import { LossproofError, messageOf } from '../../../model/errors.ts'
import { replaceFile } from '../replace-file.ts'

export const usualAllowedFile = 'lossproof-allowed.json'

const AllowedFile = z.strictObject({
  schema: z.literal(1),
  /** Ids of probes. */
  allowed: z.array(z.string()),
})

/** Ids of probes; empty without the file. Throws LossproofError('usage') for a file of another form. */
export function readAllowed(path: string): string[] {
  if (!existsSync(path)) return []
  try {
    return AllowedFile.parse(JSON.parse(readHistoryText(path))).allowed
  } catch (error) {
    if (error instanceof LossproofError) throw error
    const why =
      error instanceof z.ZodError ? z.prettifyError(error).split('\n').slice(0, 2).join(' ') : messageOf(error)
    throw new LossproofError('usage', `${path}: not a file of accepted risks: ${why}`, {
      hint: 'lossproof audit … --allow <probe> writes one',
    })
  }
}

/** Writes a temporary file and renames it, so that a failure leaves the old file. */
export function writeAllowed(path: string, ids: readonly string[]): void {
  const content: z.infer<typeof AllowedFile> = { schema: 1, allowed: [...new Set(ids)].toSorted() }
  try {
    replaceFile(path, `${JSON.stringify(content, undefined, 2)}\n`)
  } catch (error) {
    if (error instanceof LossproofError) throw error
    throw new LossproofError('capability-missing', `${path}: cannot be written: ${messageOf(error)}`, { cause: error })
  }
}
