/** Opens files of a history. Whatever is not a regular file is refused before a read could block or fail. */
import { closeSync, fstatSync, lstatSync, openSync, readFileSync, statSync } from 'node:fs'
import { LossproofError, messageOf } from '../model/errors.ts'

/** No line that the harness writes comes near this size. */
export const longestLineBytes = 16 * 1024 * 1024

/** Larger documents do not fit into one string. */
const largestDocumentBytes = 512 * 1024 * 1024

/** The text of a regular file, which is one document. Throws LossproofError('history') as `openHistoryFile` does. */
export function readHistoryText(path: string): string {
  const fd = openHistoryFile(path)
  try {
    const { size } = fstatSync(fd)
    if (size >= largestDocumentBytes)
      throw new LossproofError('history', `${path}: ${Math.round(size / 1024 / 1024)} MB; at most 512 MB are read`)
    return readFileSync(fd, 'utf8')
  } finally {
    closeSync(fd)
  }
}

/** Opens a regular file for reading. Throws LossproofError('history') that says what is at the path instead. */
export function openHistoryFile(path: string): number {
  const kind = kindOf(path)
  if (kind !== 'file')
    throw new LossproofError('history', `${path} is ${kind}; expected a regular file`, {
      hint: 'remove it, or check a complete copy of the folder',
    })
  try {
    return openSync(path, 'r')
  } catch (error) {
    throw new LossproofError('history', `${path} cannot be read: ${messageOf(error)}`)
  }
}

function kindOf(path: string): string {
  try {
    const found = statSync(path)
    if (found.isFile()) return 'file'
    return found.isDirectory()
      ? 'a folder'
      : found.isFIFO()
        ? 'a named pipe'
        : found.isSocket()
          ? 'a socket'
          : 'a device'
  } catch {
    return isLink(path) ? 'a link to a file that does not exist' : 'missing or not readable'
  }
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink()
  } catch {
    return false
  }
}
