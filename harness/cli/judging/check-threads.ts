/** Lanes of a large run checked side by side: each thread takes the next cell until none is left. */
import { Worker } from 'node:worker_threads'
import { CellVerdict } from '../../../model/verdict.ts'
import { LossproofError } from '../../../model/errors.ts'
import type { ErrorCode } from '../../../model/errors.ts'
import { moduleUrl } from '../../../model/module-url.ts'

/** What a thread says of one cell. */
export type Answer =
  { id: string; verdict: CellVerdict } | { id: string; failed: { code: ErrorCode | undefined; message: string } }

/** The verdicts in the order of `ids`. Throws the first of them that failed. */
export async function checkInThreads(folder: string, ids: readonly string[], threads: number): Promise<CellVerdict[]> {
  const waiting = [...ids]
  const answers = new Map<string, Answer>()
  await Promise.all(Array.from({ length: Math.min(threads, ids.length) }, async () => work(folder, waiting, answers)))
  return ids.map(id => {
    const answer = answers.get(id)
    if (!answer) throw new LossproofError('internal', `no thread has checked cell ${id}`)
    if ('verdict' in answer) return answer.verdict
    const { code, message } = answer.failed
    throw code === undefined ? new Error(message) : new LossproofError(code, message)
  })
}

async function work(folder: string, waiting: string[], answers: Map<string, Answer>): Promise<void> {
  const worker = new Worker(moduleUrl('check-worker', import.meta.url), { workerData: { folder } })
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
      worker.on('exit', code => reject(new Error(`a checking thread ended with code ${code}`)))
      next()
    })
  } finally {
    await worker.terminate()
  }
}
