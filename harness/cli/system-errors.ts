/** Errors of the operating system in words. They are failures of the machine, not bugs of Lossproof. */
import { LossproofError, messageOf } from '../../model/errors.ts'

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the disk',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'it is a file, not a folder',
  EISDIR: 'it is a folder, not a file',
  EIO: 'the disk reported an input or output error',
  EMFILE: 'too many open files',
  ENFILE: 'too many open files on this machine',
  ENOMEM: 'out of memory',
}

/** The reason of a failed call of the operating system, in words where it is a known one. */
export function reasonOf(error: unknown): string {
  return reasons[codeOf(error) ?? ''] ?? messageOf(error)
}

/** A LossproofError('capability-missing') for an error that names a trouble of this machine; undefined for any other. */
export function machineError(error: unknown): LossproofError | undefined {
  const reason = reasons[codeOf(error) ?? '']
  if (reason === undefined) return undefined
  const path = error instanceof Error && 'path' in error && typeof error.path === 'string' ? ` (${error.path})` : ''
  return new LossproofError('capability-missing', `this machine cannot continue: ${reason}${path}`, { cause: error })
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
