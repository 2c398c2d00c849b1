/** Nodes and images on a real engine, without any system. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ofRun, removeLabelled } from '../../docker/cleanup/cleanup.ts'
import { findEngine } from '../../docker/engine/engine.ts'
import type { Engine } from '../../docker/engine/engine.ts'
import { labelsOf } from '../../docker/engine/labels.ts'
import { ensureImages } from '../../docker/images/ensure.ts'
import { helperImage } from '../../docker/images/tools.ts'
import { createNetwork } from '../../docker/network/network.ts'
import { AddressHolders } from '../../docker/nodes/address-holder.ts'
import { NodeBootError } from '../../docker/nodes/boot.ts'
import { startNode } from '../../docker/nodes/start-node.ts'
import { folder } from '../support/cli.ts'

const run = `nodes-${process.pid}-${randomBytes(3).toString('hex')}`
let engine: Engine
let image: string

beforeAll(async () => {
  engine = await findEngine()
  const images = await ensureImages(engine, [helperImage], { onProgress: () => {} })
  image = images[helperImage.name] ?? ''
})
afterAll(async () => void (await removeLabelled(engine.docker, ofRun(run))))

async function start(script: string, startedLine: RegExp) {
  const { docker } = engine
  const labels = labelsOf(run, 'trial')
  const network = await createNetwork(docker, `lossproof-${run}-${randomBytes(2).toString('hex')}`, labels)
  const holders = await AddressHolders.start({ docker, network, labels, image }, ['broker-1'])
  const holder = holders.of('broker-1')
  const spec = {
    name: 'broker-1',
    image,
    holder,
    command: ['sh', '-c', script],
    environment: {},
    files: [],
    disk: undefined,
  }
  return startNode({ docker, labels }, { ...spec, startedLine })
}

test('a node that ends at boot is reported within a second of its end, with its exit code and the end of its log', async () => {
  const error = await start(
    'echo reading configuration; echo no such setting >&2; date +%s%3N; exit 7',
    /started/,
  ).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(NodeBootError)
  if (!(error instanceof NodeBootError)) return
  // Docker reads the two streams one by one, so their lines can change places.
  expect(error.message).toMatch(
    /^broker-1 ended with exit code 7 while it was starting; its log ends: (.* \| )?reading configuration \| /,
  )
  expect(error.log).toMatch(/reading configuration\n/)
  expect(error.log).toMatch(/no such setting\n/)
  const endedAt = Number(/^(\d{13})$/m.exec(error.log)?.[1])
  expect(Date.now() - endedAt).toBeLessThan(1000)
})

test('a node keeps its host name and address over a kill and a start', async () => {
  const { container, holder } = await start('hostname; hostname -i; echo started; sleep 600', /started/)
  const seen = async () =>
    (await container.logs({ stdout: true })).toString('utf8').match(/broker-1|\d+\.\d+\.\d+\.\d+/g)
  await expect.poll(seen).toEqual(['broker-1', holder.address])
  // A node that has booted has the weight of others.
  expect((await container.inspect()).HostConfig.CpuShares).toBe(1024)
  await container.kill()
  await container.start()
  await expect.poll(seen).toEqual(['broker-1', holder.address, 'broker-1', holder.address])
})

test('a build leaves no stages behind', async () => {
  const context = join(folder(), 'image')
  mkdirSync(context)
  writeFileSync(
    join(context, 'Dockerfile'),
    `ARG BASE\nFROM \${BASE} AS stage\nRUN echo ${run} > /made\nFROM \${BASE}\nCOPY --from=stage /made /made\n`,
  )
  const definition = { name: 'stages-test', version: run, folder: pathToFileURL(`${context}/`), buildArgs: {} }
  const built = await ensureImages(engine, [definition], { onProgress: () => {} })
  try {
    const filters = { dangling: ['true'], label: ['lossproof.image=base'] }
    const stages = await engine.docker.listImages({ filters })
    const histories = await Promise.all(stages.map(async ({ Id: id }) => engine.docker.getImage(id).history()))
    // Other processes may be building as well.
    expect(JSON.stringify(histories)).not.toContain(run)
  } finally {
    await engine.docker.getImage(built['stages-test'] ?? '').remove()
  }
})
