import type Dockerode from 'dockerode'
import { expect, test } from 'vitest'
import { removeStages } from './stages.ts'

/** An engine with these untagged images; `parents` become untagged when their child is removed. */
function engineWith(
  untagged: Set<string>,
  refusals: Record<string, number> = {},
  parents: Record<string, string> = {},
) {
  const asked: unknown[] = []
  const docker = {
    listImages: async (options: unknown) => {
      asked.push(options)
      return Promise.resolve([...untagged].map(Id => ({ Id, Size: 100 })))
    },
    getImage: (id: string) => ({
      remove: async () => {
        const statusCode = refusals[id]
        if (statusCode !== undefined) return Promise.reject(Object.assign(new Error(id), { statusCode }))
        untagged.delete(id)
        if (parents[id] !== undefined) untagged.add(parents[id])
        return Promise.resolve()
      },
    }),
  }
  return { docker: docker as unknown as Dockerode, asked }
}

test('stages and their freed parents are removed; only untagged images that started from the base are asked for', async () => {
  const { docker, asked } = engineWith(new Set(['a', 'b']), {}, { a: 'parent' })
  expect(await removeStages(docker)).toEqual({ images: 3, bytes: 300 })
  expect(asked[0]).toEqual({ filters: { dangling: ['true'], label: ['lossproof.image=base'] } })
})

test('an image in use stays, and does not stop the others', async () => {
  const { docker } = engineWith(new Set(['used', 'free']), { used: 409 })
  expect(await removeStages(docker)).toEqual({ images: 1, bytes: 100 })
})

test('any other refusal is an error', async () => {
  const { docker } = engineWith(new Set(['broken']), { broken: 500 })
  await expect(removeStages(docker)).rejects.toThrow('broken')
})
