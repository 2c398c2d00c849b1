import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { folder, leftOf, processesWith, quickAs, scenarioAs, start } from './support/cli.ts'

const times = process.env['LOSSPROOF_SOAK'] ? 20 : 3
/** A whole run takes about 18 s; the moments are spread over all of it, each at random within its own stretch. */
const spanMs = 18_000
const cleanLimitMs = 15_000

/** Kill -9 whatever the harness is doing: the janitor has to leave nothing of the run, and to touch nothing else. */
test.each(Array.from({ length: times }, (_, at) => at))('kill -9 of the harness, time %i: nothing of its run remains after 15 s', { timeout: 90_000 }, async at => {
  const name = `killed-${process.pid}-${at}`
  const results = folder()
  // Every second one has disks of its own and loses power.
  const scenario = at % 2 === 0 ? quickAs(name) : scenarioAs(name, 'claims/kafka/power-loss-one-replica')
  const { child, finished } = start(['run', scenario, '--results', results])
  const moment = (spanMs / times) * (at + Math.random())
  const killed = await Promise.race([finished.then(() => false), new Promise<true>(resolve => setTimeout(() => resolve(true), moment))])
  if (killed) child.kill('SIGKILL')
  await finished
  const dead = performance.now()
  const left = async () => [...(await leftOf(name)), ...processesWith(name).map(pid => `process ${pid}`)]
  await expect.poll(left, { timeout: cleanLimitMs, interval: 200 }).toEqual([])
  expect(readdirSync('/sys/block').flatMap(device => backingOf(device)).filter(file => file.includes(name))).toEqual([])
  process.stdout.write(`killed at ${Math.round(moment)} ms, clean after ${Math.round(performance.now() - dead)} ms\n`)
})

/** The image file behind a loop device, if it is one. */
function backingOf(device: string): string[] {
  const path = `/sys/block/${device}/loop/backing_file`
  return existsSync(path) ? [readFileSync(path, 'utf8')] : []
}
