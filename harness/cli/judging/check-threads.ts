/** Judges the cells of a large run in threads. Each thread takes the next cell until none is left. */
import { Worker } from 'node:worker_threads'
import { LossproofError } from '../../../model/errors.ts'
import type { ErrorCode } from '../../../model/errors.ts'
import type { JudgedCell } from './check-folder.ts'
import { moduleUrl } from '../../../model/module-url.ts'

/** What a thread is started with. */
export interface WorkerOptions {
  timelines: boolean
  keepGoing: boolean
}

/** A thread's answer for one cell. */
export type Answer =
  { id: string; judged: JudgedCell } | { id: string; failed: { code: ErrorCode | undefined; message: string } }

/** Results in the order of `ids`. Throws the first error in that order. */
export async function judgeInThreads(
  folder: string,
  ids: readonly string[],
  threads: number,
  options: WorkerOptions,
): Promise<JudgedCell[]> {
  const waiting = [...ids]
  const answers = new Map<string, Answer>()
  await Promise.all(
    Array.from({ length: Math.min(threads, ids.length) }, async () => work({ folder, ...options }, waiting, answers)),
  )
  return ids.map(id => {
    const answer = answers.get(id)
    if (!answer) throw new LossproofError('internal', `no thread has judged cell ${id}`)
    if ('judged' in answer) return answer.judged
    const { code, message } = answer.failed
    throw code === undefined ? new Error(message) : new LossproofError(code, message)
  })
}

async function work(
  data: WorkerOptions & { folder: string },
  waiting: string[],
  answers: Map<string, Answer>,
): Promise<void> {
  const worker = new Worker(moduleUrl('check-worker', import.meta.url), { workerData: data })
  try {
    await new Promise<void>((resolve, reject) => {
      const next = () => {
        const id = waiting.shift()
        if (id === undefined) resolve()
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
        else worker.postMessage(id)
      }
      worker.on('message', (answer: Answer) => {
        answers.set(answer.id, answer)
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
