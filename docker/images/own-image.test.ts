import type Dockerode from 'dockerode'
import { Readable } from 'node:stream'
import { pack } from 'tar-stream'
import { expect, test } from 'vitest'
import { checkOwn } from './own-image.ts'
import type { OwnImage } from './definition.ts'

const missing = () => Object.assign(new Error('no such path'), { statusCode: 404 })

/** An engine with one image. `folders`: the files that it has, by folder. */
function engineWith(folders: Readonly<Record<string, readonly string[]>>, variables: readonly string[] = []) {
  const removed: unknown[] = []
  const container = {
    infoArchive: async ({ path }: { path: string }) => {
      const at = path.lastIndexOf('/')
      if (folders[path.slice(0, at)]?.includes(path.slice(at + 1)) !== true) throw missing()
      return {}
    },
    getArchive: async ({ path }: { path: string }) => {
      const files = folders[path.replace(/\/\.$/, '')]
      if (files === undefined) throw missing()
      const tar = pack()
      for (const name of files) tar.entry({ name: `./${name}` }, 'content')
      tar.finalize()
      return Readable.from(tar)
    },
    remove: async (options: unknown) => void removed.push(options),
  }
  const docker = {
    getImage: () => ({ inspect: async () => ({ Id: 'sha256:1', Config: { Env: variables } }) }),
    createContainer: async () => container,
  } as unknown as Dockerode
  return { docker, removed }
}

const own: OwnImage = {
  base: () => definition,
  folder: new URL('./', import.meta.url),
  sign: '/opt/thing/client/run-client',
  jars: ['$THING_HOME/lib', '/opt/thing/libs'],
  versionJar: /^thing-core-(\d[\w.-]*)\.jar$/,
  versionOf: found => found.replace(/^7\.(\d+)\..*-ccs$/, '3.$1'),
}
const definition = { name: 'thing', version: '4.1.0', folder: own.folder, buildArgs: {}, own }
const checked = async ({ docker }: ReturnType<typeof engineWith>, version = '4.1.0') =>
  checkOwn(docker, { definition: { ...definition, version }, own, reference: 'acme/thing:1' })

test('an image that Lossproof built runs as it is', async () => {
  expect(await checked(engineWith({ '/opt/thing/client': ['run-client'], '/opt/thing/libs': [] }))).toBeUndefined()
})

test('jars are found in the folders of published images, also of one that a variable names', async () => {
  const libs = ['a.jar', 'thing-core-4.1.0-acme.jar']
  const plain = engineWith({ '/opt/thing/libs': libs })
  expect(await checked(plain)).toEqual({ folder: '/opt/thing/libs', version: '4.1.0-acme' })
  expect(plain.removed).toHaveLength(1)
  const named = engineWith({ '/home/thing/lib': libs }, ['PATH=/bin', 'THING_HOME=/home/thing'])
  expect(await checked(named)).toEqual({ folder: '/home/thing/lib', version: '4.1.0-acme' })
  const hostile = engineWith({ '/opt/thing/libs': libs }, ['THING_HOME=/x /etc/ /y\nRUN true'])
  expect(await checked(hostile)).toMatchObject({ folder: '/opt/thing/libs' })
})

test('an image without the system is refused, with the folders that were looked at', async () => {
  const refused = checked(engineWith({ '/opt/thing/libs': ['thing-clients-4.1.0.jar'] }, ['THING_HOME=/home/thing']))
  await expect(refused).rejects.toMatchObject({
    code: 'usage',
    message: 'acme/thing:1: found no jars of thing in /home/thing/lib, /opt/thing/libs',
  })
})

test.each([
  ['4.1.0', '4.1.0', true],
  ['4.1.0-acme', '4.1.0', true],
  ['4.1.0', '4.1.0-acme', true],
  ['4.1.1', '4.1.0', false],
  ['4.1.10', '4.1.1', false],
  ['7.6.0-ccs', '3.6.1', true],
  ['7.6.0-ccs', '3.7.0', false],
  ['7.6.0', '7.6.0', true],
])('version %s in the image, %s in the plan: accepted %j', async (found, planned, accepted) => {
  const image = engineWith({ '/opt/thing/libs': [`thing-core-${found}.jar`] })
  if (accepted) expect(await checked(image, planned)).toBeDefined()
  else
    await expect(checked(image, planned)).rejects.toMatchObject({
      code: 'usage',
      hint: expect.stringContaining('--set cluster.version='),
    })
})
