/** The tests of a consumer. A producer of the harness sends the messages. */
import { startConsumers, startProducers } from '../../../trial/clients/start.ts'
import type { Consumers } from '../../../trial/clients/consumers.ts'
import { writeFences } from '../../../trial/finish/fences.ts'
import { readBack } from '../../../trial/finish/read-back.ts'
import { judgeCommits, judgeDeliveries, judgeProcessed } from './judge.ts'
import type { CheckSite } from './site.ts'
import { few, seconds, Steps, Subject, timed } from './steps.ts'
import { checkSurvival } from './survival.ts'

const firstMs = 60_000
const stopMs = 15_000

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
    await checkSurvival(steps, client, {
      counter: 'processed',
      limitMs: firstMs,
      continues: 'a new process goes on where the group has committed',
      does: 'processes new messages',
      stop: async () => {
        await load.stop()
        return timed(async () => Promise.all(group.fleet.awake.map(async process => process.stop(stopMs))))
      },
    })
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
