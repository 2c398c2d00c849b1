/** The folder of a stress: stress.json and corpus.json, written after each trial, and a run folder for each trial. */
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { runPaths } from '../../../history/folder.ts'
import { readHistoryText } from '../../../history/open-file.ts'
import { LossproofError, messageOf } from '../../../model/errors.ts'
import { Corpus, StressResult } from '../../../model/stress/stress.ts'
import { replaceFile } from '../replace-file.ts'

/** Writes a temporary file and renames it, so that a failure leaves the old file. */
export function writeWhole(path: string, text: string): void {
  try {
    replaceFile(path, text)
  } catch (error) {
    if (error instanceof LossproofError) throw error
    throw new LossproofError('capability-missing', `${path}: cannot be written: ${messageOf(error)}`, { cause: error })
  }
}

const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`

export const writeStress = (folder: string, result: StressResult): void =>
  writeWhole(runPaths(folder).stress, json(result))

export const writeCorpus = (folder: string, corpus: Corpus): void =>
  writeWhole(runPaths(folder).corpus, `${JSON.stringify(corpus)}\n`)

/** Throws LossproofError('usage') for a folder that no stress has made. */
export function readStress(folder: string): StressResult {
  const path = runPaths(folder).stress
  if (!existsSync(path))
    throw new LossproofError('usage', `${folder} is not the folder of a stress: it has no stress.json`, {
      hint: 'lossproof stress makes one below results/',
    })
  return parsed(path, StressResult)
}

/** Undefined where there is no corpus yet. Throws LossproofError('history') for a file of another form. */
export function readCorpus(folder: string): Corpus | undefined {
  const path = runPaths(folder).corpus
  return existsSync(path) ? parsed(path, Corpus) : undefined
}

/** Makes the folder of `--state` when it is missing. */
export function stateFolder(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true })
    return folder
  } catch (error) {
    throw new LossproofError('usage', `--state ${folder}: ${messageOf(error)}`, { cause: error })
  }
}

function parsed<T>(path: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(readHistoryText(path)))
  } catch (error) {
    if (error instanceof LossproofError) throw error
    const why =
      error instanceof z.ZodError ? z.prettifyError(error).split('\n').slice(0, 3).join(' ') : messageOf(error)
    throw new LossproofError('history', `${path}: ${why}`)
  }
}

/**
 * The run folder of a plan. What an interrupted attempt has left there is removed; a finished one stays, and this one gets
 * another name.
 */
export function newRunFolder(folder: string, name: string): string {
  for (let number = 1; ; number++) {
    const path = join(runPaths(folder).runs, number === 1 ? name : `${name}-${number}`)
    if (existsSync(runPaths(path).verdict)) continue
    rmSync(path, { recursive: true, force: true })
    return path
  }
}

/** Removes the history of a run and leaves its plan and verdict. */
export const forgetHistory = (run: string): void => rmSync(runPaths(run).trials, { recursive: true, force: true })
