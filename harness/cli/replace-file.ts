/** Writes the files of a run folder and other files that Lossproof owns. */
import { lstatSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { LossproofError } from '../../model/errors.ts'

/**
 * Writes a temporary file and renames it, so that a failure leaves the file as it was. A link is replaced, never followed.
 * Throws LossproofError('usage') where something else than a file is at the path: writing into a named pipe would wait for
 * its reader.
 */
export function replaceFile(path: string, text: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found !== undefined && !found.isFile() && !found.isSymbolicLink())
    throw new LossproofError(
      'usage',
      `${path} is ${found.isDirectory() ? 'a folder' : 'no regular file'}; a file would be written there`,
      { hint: 'remove it, or use another folder' },
    )
  const part = `${path}.${process.pid}.part`
  rmSync(part, { force: true })
  try {
    writeFileSync(part, text, { flag: 'wx' })
    renameSync(part, path)
  } catch (error) {
    rmSync(part, { force: true })
    throw error
  }
}
