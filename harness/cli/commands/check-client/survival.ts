/** What a client has to survive, whatever its role: a broker that restarts, and the ends of its own process. */
import { few, missing, seconds, timed } from './steps.ts'
import type { Steps, Subject } from './steps.ts'

/** A client may wait for connection timeouts, and a consumer for the session of its earlier membership. */
const brokerBackMs = 90_000

export interface Work {
  /** The counter that grows while the client works. */
  counter: 'acked' | 'processed'
  /** How long new work can take when nothing is wrong, ms. */
  limitMs: number
  /** What is asked of a process that follows one that was killed. */
  continues: string
  /** What it then does: `sends new messages`. */
  does: string
  /** Lets a new process work. */
  resume?: () => void
  /** Asks the process to stop. Resolves with how long that took, ms. */
  stop: () => Promise<number>
}

export async function checkSurvival(steps: Steps, client: Subject, work: Work): Promise<void> {
  const { counter, limitMs, continues, does, resume = () => {}, stop } = work
  const startAgain = async () => {
    await client.restart()
    resume()
    await client.grows(counter, few, limitMs)
  }
  await steps.run(
    'broker restart',
    'it goes on when the broker was killed and is back',
    async () => {
      await client.restartBroker()
      const ms = await timed(async () => client.grows(counter, few, brokerBackMs))
      return `${counter} again after ${seconds(ms)}`
    },
    { needed: true },
  )
  await steps.run(
    'SIGKILL',
    continues,
    async () => {
      await client.end('SIGKILL')
      await startAgain()
      return `it ${does}`
    },
    { needed: true },
  )
  await steps.run('SIGTERM', 'it ends with exit code 0 after SIGTERM', async () => {
    const { how, ms, finished } = await client.end('SIGTERM')
    return finished ? `${how} after ${seconds(ms)}` : missing(`it ended with ${how}`)
  })
  await steps.run('stop', 'it ends with exit code 0 after "stop"', async () => {
    await startAgain()
    return `after ${seconds(await stop())}`
  })
}
