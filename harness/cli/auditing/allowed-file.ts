/** The file of accepted risks: probes whose losses do not fail an audit. It belongs into the user's repository. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { LossproofError, messageOf } from '../../../model/errors.ts'

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
    return AllowedFile.parse(JSON.parse(readFileSync(path, 'utf8'))).allowed
  } catch (error) {
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
    writeFileSync(`${path}.part`, `${JSON.stringify(content, undefined, 2)}\n`)
    renameSync(`${path}.part`, path)
  } catch (error) {
    throw new LossproofError('capability-missing', `${path}: cannot be written: ${messageOf(error)}`, { cause: error })
  }
}
