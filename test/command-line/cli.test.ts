import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { tagOf } from '../../docker/images/recipe.ts'
import { toxiproxyImage } from '../../docker/images/tools.ts'
import { folder, leftOf, lossproof, quickAs, root, start } from '../support/cli.ts'

const installed = existsSync(join(root, 'node_modules/@confluentinc/kafka-javascript'))
const quick = readFileSync(join(root, 'scenarios/quick/kafka.yaml'), 'utf8')

function scenario(from: string, to: string): string {
  const file = join(folder(), 'mine.yaml')
  writeFileSync(file, quick.replace(from, to))
  return file
}

describe('bad input ends with exit code 2 before anything starts', () => {
  test.each([
    [
      'a wrong key',
      'schedule:',
      'shedule:',
      /mine\.yaml:\d+:\d+: unknown key "shedule"\n {2}did you mean "schedule"\?/,
    ],
    [
      'an unknown fault',
      'fault: crash',
      'fault: crahs',
      /mine\.yaml:\d+:\d+: unknown fault "crahs"\n {2}did you mean "crash"\?/,
    ],
    [
      'a role that the fault cannot be aimed at',
      'fault: crash, target: leader',
      'fault: crash, target: master',
      /mine\.yaml:\d+:\d+: fault crash has no target "master"/,
    ],
  ])('%s', async (_, from, to, message) => {
    const { code, stdout, stderr } = await lossproof(['run', scenario(from, to)], {
      DOCKER_HOST: 'unix:///nowhere.sock',
    })
    expect(stderr).toMatch(message)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })

  test('a role without a target', async () => {
    const file = join(folder(), 'mine.yaml')
    writeFileSync(
      file,
      quick
        .replace('replication.factor: 3', 'replication.factor: 1')
        .replace('fault: crash, target: leader', 'fault: crash, target: follower')
        .replace('leader-changed', 'offline'),
    )
    const { code, stderr } = await lossproof(['run', file])
    expect(stderr).toMatch(/mine\.yaml:\d+:\d+: fault crash: target "follower": no lane has a follower/)
    expect(code).toBe(2)
  })

  test('an unknown scenario, command, option, --set and run folder', async () => {
    expect(await lossproof(['run', 'quik'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean "quick"?'),
    })
    expect(await lossproof(['rnu'])).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean "run"?') })
    expect(await lossproof(['plan', 'quick', '--frob'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('frob'),
    })
    expect(await lossproof(['plan', 'quick', '--set', 'retries'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--set retries'),
    })
    expect(await lossproof(['check', folder()])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is not a run folder'),
    })
  })
})

test('an engine that does not answer: exit code 3 with what was tried', async () => {
  const { code, stderr } = await lossproof(['run', 'quick'], { DOCKER_HOST: 'unix:///nowhere.sock' })
  expect(stderr).toMatch(/no Docker engine answered; tried unix:\/\/\/nowhere\.sock \(DOCKER_HOST\): no such socket/)
  expect(code).toBe(3)
  expect((await lossproof(['doctor'], { DOCKER_HOST: 'tcp://127.0.0.1:1' })).code).toBe(3)
})

test('plan prints the plan as text and as JSON', async () => {
  expect((await lossproof(['plan', 'quick'])).stdout).toContain('4 cells in 2 trials')
  expect(JSON.parse((await lossproof(['plan', 'quick', '--json'])).stdout)).toMatchObject({
    schema: 1,
    cells: [{}, {}, {}, {}],
  })
  expect(JSON.parse((await lossproof(['plan', '--schema'])).stdout)).toMatchObject({
    type: 'object',
    additionalProperties: false,
  })
})

test('check names file and line of a broken history', async () => {
  const lane = join(folder(), 'lane')
  mkdirSync(lane)
  writeFileSync(
    join(lane, 'p.jsonl'),
    '{"lane":"a","role":"producer","process":"p","client":"c"}\n{"op":"acked","s":0,"t":1}\n',
  )
  const { code, stderr } = await lossproof(['check', '--lane', lane])
  expect(stderr).toMatch(/p\.jsonl:2: an answer for message 0, which was never sent/)
  expect(code).toBe(2)
})

test('an interrupted run cleans up and ends with exit code 130', async () => {
  const name = `interrupted-${process.pid}`
  const { child, finished, stderr } = start(['run', quickAs(name), '--results', folder()])
  await expect.poll(stderr, { timeout: 60_000, interval: 50 }).toContain(': healthy')
  child.kill('SIGINT')
  expect((await finished).code).toBe(130)
  expect(await leftOf(name)).toEqual([])
})

test('an image of the user that the engine does not have: exit code 3 before anything starts', async () => {
  const results = folder()
  const args = ['run', 'quick/kafka', '--image', 'kafka=nobody/has-this:1', '--results', results]
  const refused = await lossproof(args)
  expect(refused.stderr).toContain('nobody/has-this:1, your image of kafka: the Docker engine has no such image')
  expect(refused).toMatchObject({ code: 3, stdout: '' })
  expect(readdirSync(results)).toEqual([])
})

/** An image without a shell as the helper image: nothing that needs a helper works. */
test('a missing capability ends a run before it starts; with --skip-missing its cells are inconclusive', async () => {
  const helper = `helper=${tagOf(toxiproxyImage)}`
  const args = ['run', 'claims/kafka/power-loss-one-replica', '--image', helper, '--results', folder()]
  const refused = await lossproof(args)
  expect(refused.stderr).toMatch(/this machine has no loop-devices, which power-loss, .* need/)
  expect(refused).toMatchObject({ code: 3, stdout: '' })
  const skipped = await lossproof([...args, '--skip-missing'])
  expect(skipped.stdout).toMatch(/not run: this machine has no loop-devices/)
  expect(skipped.code).toBe(4)
})

test.skipIf(installed)(
  'a client that is not installed: exit code 3 and how to get it, or, with --skip-missing, inconclusive cells',
  async () => {
    const args = ['run', 'quick/kafka', '--set', 'client=librdkafka', '--results', folder()]
    const refused = await lossproof(args)
    expect(refused.stderr).toMatch(/the client librdkafka is not installed[\s\S]*npm install/)
    expect(refused).toMatchObject({ code: 3, stdout: '' })
    const skipped = await lossproof([...args, '--skip-missing'])
    expect(skipped.stdout).toMatch(/not run: the client librdkafka is not installed/)
    expect(skipped.code).toBe(4)
  },
)
