/** Whether a run can write its results, found out before anything starts. */
import { closeSync, fsyncSync, mkdirSync, openSync, rmSync, statSync, statfsSync, writeSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { LossproofError } from '../../../model/errors.ts'
import { reasonOf } from '../system-errors.ts'

/** A small run takes some MiB; broker logs of a trial that did not hold take the most. */
const leastFreeBytes = 64 * 1024 * 1024
const probeBytes = 4096

/**
 * Makes the folder when it is missing, and writes and removes a file in it. Returns its absolute path. Throws
 * LossproofError('capability-missing') with the reason when files cannot be written there.
 */
export function usableResultsFolder(folder: string, freeBytes: (folder: string) => number = freeBytesOf): string {
  const path = resolve(folder)
  const probe = join(path, `.lossproof-probe-${process.pid}`)
  try {
    makeFolder(path)
    const file = openSync(probe, 'w')
    try {
      writeSync(file, Buffer.alloc(probeBytes))
      fsyncSync(file)
    } finally {
      closeSync(file)
      rmSync(probe, { force: true })
    }
  } catch (error) {
    throw unusable(path, reasonOf(error))
  }
  const free = freeBytes(path)
  if (free < leastFreeBytes)
    throw unusable(path, `only ${mebibytes(free)} MiB are free, and a run needs ${mebibytes(leastFreeBytes)} MiB`)
  return path
}

/** Makes the folder and those above it. Node's own recursive mkdir never returns where a file system such as /proc answers ENOENT. */
function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return
  const parent = dirname(path)
  if (parent !== path) makeFolder(parent)
  mkdirSync(path)
}

function unusable(path: string, reason: string): LossproofError {
  return new LossproofError('capability-missing', `results cannot be written to ${path}: ${reason}`, {
    hint: 'free some space, or name another folder with --results',
  })
}

function freeBytesOf(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

const mebibytes = (bytes: number) => Math.floor(bytes / (1024 * 1024))
