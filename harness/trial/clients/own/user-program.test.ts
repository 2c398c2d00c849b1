import type Dockerode from 'dockerode'
import { expect, test } from 'vitest'
import { LossproofError } from '../../../../model/errors.ts'
import { userProgram } from './user-program.ts'

/** The containers that are asked of an engine which refuses each. */
function asked(settings: Record<string, string>) {
  const requests: Record<string, unknown>[] = []
  const docker = {
    createContainer: async (request: Record<string, unknown>) => {
      requests.push(request)
      throw new Error('no such image')
    },
  }
  // As a cluster gives it: with the entrypoint of the client in Java.
  const host = { docker: docker as unknown as Dockerode, labels: {}, image: 'lossproof/kafka', entrypoint: '/opt/run' }
  const program = userProgram(
    settings,
    { words: ['a.mjs'], environment: { A: 'x' }, process: 'app-1' },
    { janitor: { watch: () => {} }, host, folder: '/run' },
  )
  return { requests, start: program.start({ stdout: () => {}, ended: () => {} }) }
}

test('an image keeps its own entrypoint, unless the scenario replaces it', async () => {
  const own = asked({ image: 'shop/invoices:3' })
  await expect(own.start).rejects.toThrow('the container of client app-1 did not start: no such image')
  expect(own.requests).toMatchObject([{ Image: 'shop/invoices:3', Cmd: ['a.mjs'], Env: ['A=x'] }])
  expect(own.requests[0]).not.toHaveProperty('Entrypoint')

  const replaced = asked({ image: 'shop/invoices:3', entrypoint: 'node --inspect' })
  await expect(replaced.start).rejects.toThrow(LossproofError)
  expect(replaced.requests).toMatchObject([{ Entrypoint: ['node', '--inspect'] }])
})
