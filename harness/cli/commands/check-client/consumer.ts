/** The tests of a consumer. A producer of the harness sends the messages. */
import { startConsumers, startProducers } from '../../../trial/clients/start.ts'
import type { Consumers } from '../../../trial/clients/consumers.ts'
import { writeFences } from '../../../trial/finish/fences.ts'
import { readBack } from '../../../trial/finish/read-back.ts'
import { judgeCommits, judgeDeliveries, judgeProcessed } from './judge.ts'
import type { CheckSite } from './site.ts'
import { missing, seconds, Steps, Subject } from './steps.ts'

const firstMs = 60_000
/** A client may wait for connection timeouts and for the session of its earlier membership. */
const brokerBackMs = 90_000
const few = 20

export async function checkConsumer(site: CheckSite, steps: Steps): Promise<void> {
  const load = await startProducers(site.clients)
  let consumers: Consumers | undefined
  try {
    load.resume()
    const began = performance.now()
    await steps.run(
      'ready',
      'it prints "ready" once partitions are assigned to it',
      async () => {
        consumers = await startConsumers(site.clients)
        return `after ${seconds(performance.now() - began)}`
      },
      { needed: true },
    )
    if (!consumers) return
    const group = consumers
    const client = new Subject(site, group.fleet)
    await steps.run(
      'processed',
      'it prints "processed" for the messages that it gets',
      async () => {
        await client.grows('processed', few, firstMs)
        return `${client.status.processed} messages`
      },
      { needed: true },
    )
    await steps.run('committed', 'it prints "committed" when the broker has confirmed a commit', async () => {
      await client.grows('committed', few, firstMs)
      return `up to offset ${client.status.committed}, summed over the partitions`
    })
    await steps.run(
      'broker restart',
      'it goes on when the broker was killed and is back',
      async () => {
        await client.restartBroker()
        const back = performance.now()
        await client.grows('processed', few, brokerBackMs)
        return `processes again after ${seconds(performance.now() - back)}`
      },
      { needed: true },
    )
    await steps.run(
      'SIGKILL',
      'a new process goes on where the group has committed',
      async () => {
        await client.end('SIGKILL')
        await client.restart()
        await client.grows('processed', few, firstMs)
        return 'it processes new messages'
      },
      { needed: true },
    )
    await steps.run('SIGTERM', 'it ends with exit code 0 after SIGTERM', async () => {
      const { how, ms, finished } = await client.end('SIGTERM')
      return finished ? `${how} after ${seconds(ms)}` : missing(`it ended with ${how}`)
    })
    await steps.run('stop', 'it ends with exit code 0 after "stop"', async () => stopped(client, group, load))
    const fences = await writeFences(site)
    await group.drain({
      ends: fences,
      lanes: site.trial.lanes,
      system: site.system,
      folder: site.folder,
      trial: site.trial.id,
      restart: true,
    })
    await readBack({ ...site, producers: load, consumers: group }, site.folder, fences)
  } finally {
    await load.kill()
    await consumers?.kill()
  }
  await steps.run(
    'deliveries',
    'its numbers, partitions and offsets are those of the log',
    async () => judgeDeliveries(site),
    { history: true },
  )
  await steps.run('all', 'it has processed every message', async () => judgeProcessed(site), { history: true })
  await steps.run('commits', 'what it says is committed is what the broker reports', async () => judgeCommits(site), {
    history: true,
  })
}

async function stopped(client: Subject, group: Consumers, load: { stop(): Promise<void> }) {
  await client.restart()
  await client.grows('processed', few, firstMs)
  await load.stop()
  const asked = performance.now()
  await Promise.all(group.fleet.awake.map(async process => process.stop(stopMs)))
  return `after ${seconds(performance.now() - asked)}`
}

const stopMs = 15_000
