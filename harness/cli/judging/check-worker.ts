/** Entry point of a thread that checks cells of a run, one for each id that it is sent. */
import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { LossproofError, messageOf } from '../../../model/errors.ts'
import { cellChecker } from './check-folder.ts'
import type { Answer } from './check-threads.ts'

const { folder } = z.object({ folder: z.string() }).parse(workerData)
const check = cellChecker(folder)

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
parentPort?.on('message', (message: unknown) => parentPort?.postMessage(answerTo(z.string().parse(message))))

function answerTo(id: string): Answer {
  try {
    return { id, verdict: check(id) }
  } catch (error) {
    return { id, failed: { code: error instanceof LossproofError ? error.code : undefined, message: messageOf(error) } }
  }
}
