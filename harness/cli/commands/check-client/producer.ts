/** The tests of a producer. */
import { startProducers } from '../../../trial/clients/start.ts'
import type { Producers } from '../../../trial/clients/producers.ts'
import { writeFences } from '../../../trial/finish/fences.ts'
import { readBack } from '../../../trial/finish/read-back.ts'
import { judgeFormat, judgeOffsets, judgeSent } from './judge.ts'
import type { CheckSite } from './site.ts'
import { few, missing, seconds, Steps, Subject, timed, watch, watchMs } from './steps.ts'
import { checkSurvival } from './survival.ts'

const firstAckMs = 30_000
const answersMs = 15_000
const sentMs = 3000
const rateMs = 2000
const tolerated = 0.3

export async function checkProducer(site: CheckSite, steps: Steps, saysSent: boolean): Promise<void> {
  let producers: Producers | undefined
  const cannotSay = { untested: 'this output format does not say when a message is sent' }
  const began = performance.now()
  await steps.run(
    'ready',
    'it prints "ready" once it is connected',
    async () => {
      producers = await startProducers(site.clients)
      return saysSent
        ? `after ${seconds(performance.now() - began)}`
        : { untested: 'it is started with the first message' }
    },
    { needed: true },
  )
  if (!producers) return
  const load = producers
  const client = new Subject(site, load.fleet)
  try {
    await steps.run('starts paused', 'it sends nothing before "resume"', async () => {
      await watch()
      load.assertAlive()
      const { sent } = client.status
      return sent === 0 ? `nothing in ${watchMs} ms` : missing(`${sent} messages were sent`)
    })
    await steps.run(
      'resume',
      'it sends after "resume", and its messages are acknowledged',
      async () => {
        load.resume()
        const ms = await timed(async () => client.grows('acked', few, firstAckMs))
        return `${few} messages after ${seconds(ms)}`
      },
      { needed: true },
    )
    await steps.run('rate', 'it keeps the rate', async () => rateOf(site, client))
    await steps.run('pause', 'it prints "paused", and then sends nothing before "resume"', async () => {
      await load.pause()
      if (!saysSent) return cannotSay
      const { sent } = client.status
      await watch()
      const more = client.status.sent - sent
      return more === 0 ? `nothing in ${watchMs} ms` : missing(`${more} messages were sent after "paused"`)
    })
    await steps.run('answers', 'every "sent" gets "acked", "rejected" or "unknown"', async () => {
      if (!saysSent) return cannotSay
      await load.quiet(
        site.trial.lanes.map(({ id }) => id),
        answersMs,
      )
      return `all ${client.status.sent} messages are answered`
    })
    await steps.run('sent first', 'it prints "sent" before the request leaves, not with the answer', async () => {
      if (!saysSent) return cannotSay
      return client.whileBrokerIsFrozen(async () => {
        load.resume()
        await client.grows('sent', few, sentMs)
        return `${client.status.inFlight} "sent" without an answer while the broker was frozen`
      })
    })
    load.resume()
    await checkSurvival(steps, client, {
      counter: 'acked',
      limitMs: firstAckMs,
      continues: 'a new process continues with firstNumber',
      does: 'sends new messages',
      resume: () => load.resumeUnlessPaused(),
      stop: async () => timed(async () => load.stop()),
    })
  } finally {
    await load.kill()
  }
  await readBack({ ...site, producers: load, consumers: undefined }, site.folder, await writeFences(site))
  await steps.run(
    'payload',
    'its messages have the payload that docs/own-client.md describes',
    async () => judgeFormat(site),
    { history: true },
  )
  await steps.run(
    'sent',
    'everything that is stored has a "sent"',
    async () => (saysSent ? judgeSent(site) : cannotSay),
    {
      history: true,
    },
  )
  await steps.run('offsets', 'its partitions and offsets are those of the log', async () => judgeOffsets(site), {
    history: true,
  })
}

async function rateOf(site: CheckSite, client: Subject) {
  const { ratePerSec } = site.trial.lanes[0]?.workload ?? { ratePerSec: 1 }
  const counter = () => client.status.sent
  const [before, began] = [counter(), performance.now()]
  await new Promise(resolve => setTimeout(resolve, rateMs))
  const rate = ((counter() - before) * 1000) / (performance.now() - began)
  const text = `${Math.round(rate)} of ${ratePerSec} messages a second`
  return Math.abs(rate / ratePerSec - 1) <= tolerated ? text : missing(text)
}
