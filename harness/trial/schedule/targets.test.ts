import { expect, test } from 'vitest'
import { fakeContext } from '../testing/fake-trial.ts'
import { resolveTarget } from './targets.ts'

test('a role of nodes resolves to the nodes that hold it now, and the first is remembered as the last that was hit', async () => {
  const { context, state } = await fakeContext()
  const asked: unknown[] = []
  state.nodesOf = (role, lastHit) => {
    asked.push([role, lastHit])
    return role === 'majority' ? [2, 3] : [3]
  }
  expect(await resolveTarget(context, 'majority')).toMatchObject({
    role: 'majority',
    nodes: [{ name: 'broker-2' }, { name: 'broker-3' }],
    links: [],
    clients: [],
  })
  await resolveTarget(context, 'next')
  expect(asked).toEqual([
    ['majority', undefined],
    ['next', 2],
  ])
  expect(context.lastHit).toBe(3)
})

test('roles of clients resolve to processes, and to the links of that role', async () => {
  const { context } = await fakeContext({ lanes: ['a', 'b'], consumer: true })
  expect(await resolveTarget(context, 'producer')).toMatchObject({
    nodes: [],
    clients: [{ name: 'producer-1' }],
    links: [{ name: 'producer-link-1' }],
  })
  expect(await resolveTarget(context, 'consumer')).toMatchObject({ links: [{ name: 'consumer-link-1' }] })
  expect(await resolveTarget(context, 'first-consumer')).toMatchObject({ clients: [{ name: 'consumer-1' }], links: [] })
  expect(context.lastHit).toBeUndefined()
})

test('a role that no node holds is an error that names it', async () => {
  const { context, state } = await fakeContext()
  state.nodesOf = () => []
  await expect(resolveTarget(context, 'follower')).rejects.toThrow('no node holds the role "follower" now')
})
