/** Tests that every client library has to pass on a real broker, for all systems. */
import { expect, test } from 'vitest'
import { execIn } from '../../docker/engine/exec.ts'
import { checkLaneFolder } from '../../harness/cli/judging/lane-folder.ts'
import { laneFolder } from '../../history/folder.ts'
import { readBack } from '../../harness/trial/finish/read-back.ts'
import { writeFences } from '../../harness/trial/finish/fences.ts'
import { encode } from '../../workloads/payload.ts'
import type { Live } from './live.ts'

const limitMs = 30_000

/** Passes `use` a function that prints a table of the Java client. Also checks that its payload and clock are those of the Node clients. */
export async function askDriver(
  live: Live,
  use: (ask: (table: string) => Promise<Record<string, unknown>>) => Promise<void>,
): Promise<void> {
  const { docker, image, entrypoint, labels } = live.context.cluster.clientHost
  const container = await docker.createContainer({
    Image: image,
    Labels: labels,
    Entrypoint: ['sleep'],
    Cmd: ['60'],
    HostConfig: { Init: true },
  })
  await container.start()
  const ask = async (table: string) =>
    JSON.parse(await execIn(container, [entrypoint, table])) as Record<string, unknown>
  await use(ask)
  const before = process.hrtime.bigint()
  const { value, nanoTime } = await ask('payload')
  expect(value).toBe(encode('lane-a', 42, 100).toString('utf8'))
  expect(Number(nanoTime)).toBeGreaterThan(Number(before))
  expect(Number(nanoTime)).toBeLessThan(Number(process.hrtime.bigint()))
  await container.remove({ force: true })
}

/** Defines tests: each client is ended or frozen in the middle of its work, with complete evidence, and goes on after the heal. */
export function testInterruptions(live: () => Live, lanes: readonly string[]): void {
  const count = (role: string, lane: string) =>
    (role === 'producer'
      ? live().context.producers.status(lane).acked
      : live().context.consumers?.status(lane).processed) ?? 0
  const goesOn = async (role: string) => {
    const before = new Map(lanes.map(lane => [lane, count(role, lane)]))
    for (const lane of lanes)
      await expect
        .poll(() => count(role, lane), { timeout: limitMs, interval: 20, message: lane })
        .toBeGreaterThan((before.get(lane) ?? 0) + 20)
  }
  test.each([
    ['pause-client', 'producer'],
    ['crash-client', 'producer'],
    ['crash-client', 'consumer'],
    ['stop-client', 'consumer'],
  ])('has complete evidence of %s at the %s, and goes on after the heal', async (fault, target) => {
    await goesOn(target)
    const { evidence, heal } = await live().inject(fault, target)
    expect(await evidence()).toMatchObject({ complete: true })
    await heal()
    await goesOn(target)
  })
}

/** Messages that each lane has to handle before its history is judged. */
const leastMessages = 200

/**
 * Lets every lane handle enough messages, whatever tests ran before. Then ends the load, drains the groups and reads
 * everything back. `before` runs once the producers have ended.
 */
export async function finish({ context, folder }: Live, before = async () => {}): Promise<void> {
  const { trial, producers, consumers, system } = context
  for (const { id } of trial.lanes)
    await expect
      .poll(() => Math.min(producers.status(id).acked, consumers?.status(id).processed ?? 0), {
        timeout: limitMs,
        interval: 50,
        message: `${id} has handled too few messages`,
      })
      .toBeGreaterThan(leastMessages)
  await producers.stop()
  await before()
  const fences = await writeFences(context)
  await consumers?.drain({ ends: fences, lanes: trial.lanes, system, folder, trial: trial.id, restart: true })
  await readBack(context, folder, fences)
}

/** Expects that nothing of the lane was lost and that every stored message was processed or parked. Returns the lane's folder. */
export function expectAllHandled({ context, folder }: Live, lane: string): string {
  const path = laneFolder(folder, context.trial.id, lane)
  const partitions = context.trial.lanes.find(({ id }) => id === lane)?.topic.partitions
  const { counts } = checkLaneFolder(path, [], partitions)
  expect(counts, lane).toMatchObject({
    lost: 0,
    clientLost: 0,
    unaccounted: 0,
    unexpected: 0,
    corrupt: 0,
    resurrected: 0,
    skipped: 0,
    stalled: 0,
  })
  expect(counts.acked, lane).toBeGreaterThan(100)
  expect(counts.parked, lane).toBeGreaterThan(5)
  expect(counts.processed + counts.parked, lane).toBe(counts.stored)
  return path
}
