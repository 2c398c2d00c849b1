import type Dockerode from 'dockerode'
import { expect, test } from 'vitest'
import { runLabel } from '../engine/labels.ts'
import { lockProject, refuseLocked } from './project-lock.ts'

const failure = (statusCode: number) => Object.assign(new Error(`(HTTP code ${statusCode})`), { statusCode })

/** An engine that keeps containers by name, as the real one does. */
function engine() {
  const labelsByName = new Map<string, Record<string, string>>()
  const docker = {
    createContainer: async ({ name, Labels }: { name: string; Labels: Record<string, string> }) => {
      if (labelsByName.has(name)) throw failure(409)
      labelsByName.set(name, Labels)
    },
    getContainer: (name: string) => ({
      inspect: async () => {
        const Labels = labelsByName.get(name)
        if (Labels === undefined) throw failure(404)
        return { Config: { Labels } }
      },
    }),
  }
  return docker as unknown as Dockerode
}

const lockOf = (project: string, run: string) => ({ project, image: 'any', labels: { [runLabel]: run } })

test('a second run on one project is refused and told of the first; another project is free', async () => {
  const docker = engine()
  await refuseLocked(docker, 'shop')
  await lockProject(docker, lockOf('shop', 'first'))
  await expect(lockProject(docker, lockOf('shop', 'second'))).rejects.toThrow(
    'the compose project "shop" is tested by the run first at present',
  )
  await expect(refuseLocked(docker, 'shop')).rejects.toMatchObject({ exitCode: 3 })
  await lockProject(docker, lockOf('bank', 'second'))
})
