/** Judges the cells of a large run in threads. Each thread takes the next cell until none is left. */
import { Worker } from 'node:worker_threads'
import { LossproofError } from '../../../model/errors.ts'
import type { ErrorCode, ErrorPlace } from '../../../model/errors.ts'
import type { CellKey, JudgedCell } from './check-folder.ts'
import { moduleUrl } from '../../../model/module-url.ts'

/** What a thread is started with. */
export interface WorkerOptions {
  timelines: boolean
  keepGoing: boolean
}

/** What a thread is asked for: `at` is the place of the cell among all. */
export interface Question {
  at: number
  key: CellKey
}

/** A thread's answer for one cell. */
export type Answer =
  | { at: number; judged: JudgedCell }
  | { at: number; failed: { code: ErrorCode | undefined; message: string; place: ErrorPlace | undefined } }

/** Results in the order of `keys`. Throws the first error in that order. */
export async function judgeInThreads(
  folder: string,
  keys: readonly CellKey[],
  threads: number,
  options: WorkerOptions,
): Promise<JudgedCell[]> {
  const waiting = keys.map(({ id, trial }, at): Question => ({ at, key: { id, trial } }))
  const answers = new Map<number, Answer>()
  await Promise.all(
    Array.from({ length: Math.min(threads, keys.length) }, async () => work({ folder, ...options }, waiting, answers)),
  )
  return keys.map(({ id }, at) => {
    const answer = answers.get(at)
    if (!answer) throw new LossproofError('internal', `no thread has judged cell ${id}`)
    if ('judged' in answer) return answer.judged
    const { code, message, place } = answer.failed
    throw code === undefined ? new Error(message) : new LossproofError(code, message, { place })
  })
}

async function work(
  data: WorkerOptions & { folder: string },
  waiting: Question[],
  answers: Map<number, Answer>,
): Promise<void> {
  const worker = new Worker(moduleUrl('check-worker', import.meta.url), { workerData: data })
  try {
    await new Promise<void>((resolve, reject) => {
      const next = () => {
        const question = waiting.shift()
        if (question === undefined) resolve()
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
        else worker.postMessage(question)
      }
      worker.on('message', (answer: Answer) => {
        answers.set(answer.at, answer)
        next()
      })
      worker.on('error', reject)
      worker.on('exit', code => reject(new Error(`a judging thread ended with code ${code}`)))
      next()
    })
  } finally {
    await worker.terminate()
  }
}
