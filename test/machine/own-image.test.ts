/** Images of the user's own, with the layout of the official ones. */
import { join } from 'node:path'
import { readFileSync, writeFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import type { Engine } from '../../docker/engine/engine.ts'
import { findEngine } from '../../docker/engine/engine.ts'
import { debianTag } from '../../docker/images/recipe.ts'
import { kafka } from '../../systems/kafka/facts.ts'
import { officialKafka, officialRocketmq } from '../support/official/images.ts'
import { folder, lossproof } from '../support/cli.ts'

const scenario = (system: string, cluster: string) => `
name: own-image-${system}
system: ${system}
cluster: { ${cluster} }
lanes: {}
workload: { rate: 100/s, messages: 100 }
expect:
  - lost: 0
`

let engine: Engine
beforeAll(async () => {
  engine = await findEngine()
})

async function run(system: string, cluster: string) {
  const at = folder()
  const file = join(at, 'own.yaml')
  writeFileSync(file, scenario(system, cluster))
  return { at, ...(await lossproof(['run', file, '--results', join(at, 'results')])) }
}

/** The second one only in long runs: it takes a minute to make these images on a new machine. */
const layouts = [
  ['kafka', officialKafka, 'brokers: 1'],
  ['rocketmq', officialRocketmq, 'slaves: 0'],
] as const

test.each(layouts.slice(0, process.env['LOSSPROOF_SOAK'] === '1' ? 2 : 1))(
  '%s: the jars of an image with the official layout are what runs',
  async (system, official, shape) => {
    const image = await official(engine)
    const { code, stdout, stderr } = await run(system, `${shape}, image: '${image}'`)
    expect(code, stderr).toBe(0)
    const results = /history and reports: (\S+)/.exec(stdout)?.[1] ?? ''
    const { images } = JSON.parse(readFileSync(join(results, 'run.json'), 'utf8')) as { images: Record<string, string> }
    expect(images[system]).toMatch(new RegExp(`^lossproof/${system}:own-`))
  },
)

test('an image with another version than the planned one, or without the system, is refused: exit code 2', async () => {
  const image = await officialKafka(engine)
  const other = await run('kafka', `brokers: 1, version: 4.1.0, image: '${image}'`)
  expect(other.stderr).toContain(
    `${image} holds version ${kafka.images.defaultVersion} (in /opt/kafka/libs), and this run is planned for 4.1.0`,
  )
  expect(other.code).toBe(2)
  const empty = await run('rocketmq', `slaves: 0, image: '${debianTag}'`)
  expect(empty.stderr).toContain(`${debianTag}: found no jars of rocketmq in /opt/rocketmq/lib`)
  expect(empty.code).toBe(2)
})
