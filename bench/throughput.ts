/**
 * `npm run bench:throughput -- --client kafkajs`: what the harness's producer lane costs. A saturating load under the
 * harness against the same client alone, both through Toxiproxy, on the same brokers, with the same settings, size,
 * batch and sends under way; pairs alternate, so that a machine that slows down slows both. Prints the pairs and the
 * median ratio as JSON; the goal is 0.90.
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import yargs from 'yargs'
import { KafkaCluster } from '../systems/kafka/cluster.ts'
import { findEngine } from '../docker/engine/engine.ts'
import { EngineEvents } from '../docker/engine/events.ts'
import { ensureImages } from '../docker/images/ensure.ts'
import { toolImages } from '../docker/images/tools.ts'
import { kafkaImages } from '../systems/kafka/image/definition.ts'
import { clusterImages } from '../systems/shared/cluster-images.ts'
import { Janitor } from '../docker/cleanup/janitor.ts'
import { labelsOf } from '../docker/engine/labels.ts'
import { EventLog } from '../history/appender.ts'
import { trialPaths } from '../history/folder.ts'
import { makePlan } from '../harness/plan/plan.ts'
import { ScenarioSource } from '../harness/plan/scenario/source.ts'
import { ClientProcess, clientProcess } from '../harness/trial/clients/process.ts'
import { ContainedProcess } from '../harness/trial/clients/contained.ts'
import { ForkedProcess } from '../harness/trial/clients/forked.ts'
import { kafkaShape } from '../systems/kafka/shape.ts'
import { KafkaSystem } from '../systems/kafka/trial-system.ts'
import { runsIn } from '../workloads/clients/catalog.ts'
import type { ProcessConfig, ProducerLaneConfig } from '../workloads/messages.ts'

const goal = 0.9
/** A fresh process is compiled as it runs. */
const warmUpMs = 4000
const stopLimitMs = 15_000
/** The open loop must offer more than is answered. */
const saturation = 3

const args = await yargs(process.argv.slice(2))
  .options({
    client: { type: 'string', demandOption: true, describe: 'kafkajs, platformatic, java…' },
    pairs: { type: 'number', default: 5 },
    seconds: { type: 'number', default: 20, describe: 'of each run that count' },
    size: { type: 'number', default: 100, describe: 'bytes of a message' },
    batch: { type: 'number', default: 1, describe: 'messages in a send' },
    concurrency: { type: 'number', default: 256, describe: 'sends under way at once' },
    brokers: { type: 'number', default: 1 },
    acks: { type: 'string', default: 'all' },
  })
  .strict()
  .parse()

const scenario = `
name: throughput
system: kafka
cluster: { brokers: ${args.brokers} }
lanes:
  defaults:
    client: ${args.client}
    producer: { acks: ${args.acks} }
    topic: { partitions: 3, replication.factor: ${args.brokers} }
workload: { rate: 1000/s, size: ${args.size}B, batch: ${args.batch}, maxInFlight: ${args.concurrency} }
`

const [trial] = makePlan('throughput', [new ScenarioSource('throughput.yaml', scenario)], {
  seed: 1,
  defaultVersions: { kafka: kafkaImages.defaultVersion },
}).trials
const [planned] = trial?.lanes ?? []
if (trial?.system !== 'kafka' || !planned) throw new Error('no lane')
const say = (text: string) => process.stderr.write(`${text}\n`)
const engine = await findEngine()
const [image = kafkaImages.imageFor(kafkaImages.defaultVersion)] = kafkaImages.definitions
const images = await ensureImages(engine, [image, ...toolImages], {
  onProgress: (name, line) => say(`${name}: ${line}`),
})
const run = `throughput-${randomBytes(3).toString('hex')}`
const folder = mkdtempSync(join(tmpdir(), 'lossproof-throughput-'))
const { signal } = new AbortController()

await using stack = new AsyncDisposableStack()
const janitor = new Janitor(run)
stack.defer(async () => janitor.dismiss())
stack.defer(() => rmSync(folder, { recursive: true, force: true }))
const events = stack.use(await EngineEvents.watch(engine.docker, run))
const cluster = stack.use(
  await KafkaCluster.start({
    docker: engine.docker,
    events,
    images: clusterImages(images, image),
    name: `lossproof-${run}`,
    labels: labelsOf(run, trial.id),
    shape: kafkaShape(trial),
    broker: kafkaShape(trial).broker,
    disks: false,
    jit: 'full',
  }),
)
const log = new EventLog(trialPaths(folder, trial.id).events)
const system = stack.use(new KafkaSystem(cluster, trial, log, signal))
await system.prepare()

let runs = 0

function configOf(ratePerSec: number): Extract<ProcessConfig, { role: 'producer' }> {
  runs += 1
  const lane: ProducerLaneConfig = {
    lane: 'bench',
    file: join(folder, `${runs}.jsonl`),
    client: args.client,
    bootstrap: cluster.bootstrap('producer'),
    clientId: 'bench',
    topic: planned?.topic.name ?? '',
    partitions: planned?.topic.partitions ?? 1,
    settings: planned?.producer.settings ?? {},
    clientSettings: {},
    sending: { attempts: 1, backoffMs: 0, spool: 'none', ackedWhen: ['SEND_OK'] },
    firstNumber: 0,
    stores: folder,
    workload: { ratePerSec, sizeBytes: args.size, batch: args.batch, spread: false, maxInFlight: args.concurrency },
  }
  return { role: 'producer', process: `bench-${runs}`, t0: log.t0, lanes: [lane] }
}

/** Acknowledged messages a second, once warm. */
async function measure(client: ClientProcess): Promise<number> {
  const acked = () => client.lane('bench')?.acked ?? 0
  try {
    await client.start()
    client.resume()
    await delay(warmUpMs)
    const before = acked()
    const started = performance.now()
    await delay(args.seconds * 1000)
    const rate = ((acked() - before) * 1000) / (performance.now() - started)
    await client.stop(stopLimitMs)
    return Math.round(rate)
  } finally {
    await client.kill()
  }
}

const place = { janitor, host: cluster.clientHost, folder, signal }

async function alone(): Promise<number> {
  const config = configOf(1)
  if (runsIn(args.client) === 'container')
    return measure(new ClientProcess(config, new ContainedProcess(config, place.host, folder, ['alone']), signal))
  return measure(
    new ClientProcess(
      config,
      new ForkedProcess(config, janitor, fileURLToPath(new URL('alone.ts', import.meta.url))),
      signal,
    ),
  )
}

const lane = async (ratePerSec: number) => measure(clientProcess(configOf(ratePerSec), place))

// Brokers and page cache warm up on a run that does not count; it tells what saturates.
const first = await alone()
say(`warm-up: ${first}/s alone`)
const pairs: { alone: number; lane: number; ratio: number }[] = []
for (let at = 0; at < args.pairs; at++) {
  const offered = first * saturation
  const [one, other] = at % 2 === 0 ? [await alone(), await lane(offered)] : [await lane(offered), await alone()]
  const pair = at % 2 === 0 ? { alone: one, lane: other } : { alone: other, lane: one }
  pairs.push({ ...pair, ratio: Math.round((pair.lane / pair.alone) * 1000) / 1000 })
  say(`pair ${at + 1}: ${pair.alone}/s alone, ${pair.lane}/s under the harness, ratio ${pairs.at(-1)?.ratio ?? 0}`)
}
const ratios = pairs.map(pair => pair.ratio).toSorted((a, b) => a - b)
const median = ratios[Math.floor(ratios.length / 2)] ?? 0
const { client, size, batch, concurrency, brokers, seconds } = args
const measured = { client, size, batch, concurrency, brokers, seconds, pairs, median, goal }
process.stdout.write(`${JSON.stringify(measured)}\n`)
process.exitCode = median >= goal ? 0 : 1
