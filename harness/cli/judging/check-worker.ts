/** Entry point of a thread that judges cells of a run: one for each id that it receives. */
import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { LossproofError, messageOf } from '../../../model/errors.ts'
import { cellJudge } from './check-folder.ts'
import type { Answer } from './check-threads.ts'

const { folder, ...options } = z
  .object({ folder: z.string(), timelines: z.boolean(), keepGoing: z.boolean() })
  .parse(workerData)
const judge = cellJudge(folder, options)
const Question = z.object({ at: z.int(), key: z.object({ id: z.string(), trial: z.string() }) })

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
parentPort?.on('message', (message: unknown) => parentPort?.postMessage(answerTo(Question.parse(message))))

function answerTo({ at, key }: z.infer<typeof Question>): Answer {
  try {
    return { at, judged: judge(key) }
  } catch (error) {
    const known = error instanceof LossproofError ? error : undefined
    return { at, failed: { code: known?.code, message: messageOf(error), place: known?.place } }
  }
}
