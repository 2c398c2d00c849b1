import { expect, test } from 'vitest'
import { LossproofError } from '../../../model/errors.ts'
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

test('a role is waited for while no node holds it', async () => {
  const { context, state } = await fakeContext()
  state.nodesOf = () => {
    throw new LossproofError('cluster', 'no controller reports an active controller')
  }
  setTimeout(() => (state.nodesOf = () => [2]), 60)
  expect(await resolveTarget(context, 'controller')).toMatchObject({ nodes: [{ name: 'broker-2' }] })
})

test('a role that stays without a holder is an error that names it and the state last seen', async () => {
  const { context, state } = await fakeContext()
  state.nodesOf = () => []
  await expect(resolveTarget(context, 'follower', 30)).rejects.toThrow(
    'a node for the target "follower": not reached within 0.03 s; last seen: no node holds the role "follower" now',
  )
})

test('a role without a rule is a bug, and not waited for', async () => {
  const { context, state } = await fakeContext()
  state.nodesOf = () => {
    throw new LossproofError('internal', 'no rule finds the nodes of role "x"')
  }
  await expect(resolveTarget(context, 'x')).rejects.toThrow('no rule finds')
})

test('roles joined by + resolve to the nodes of all of them, each once', async () => {
  const { context, state } = await fakeContext()
  state.nodesOf = role => (role === 'master' ? [2] : [3, 2])
  const { role, nodes } = await resolveTarget(context, 'master+controller')
  expect([role, nodes.map(({ name }) => name)]).toEqual(['master+controller', ['broker-2', 'broker-3']])
  expect(context.lastHit).toBe(2)
})

test('of roles joined by +, the one that no node holds is named', async () => {
  const { context, state } = await fakeContext()
  state.nodesOf = role => (role === 'master' ? [2] : [])
  await expect(resolveTarget(context, 'master+slave', 30)).rejects.toThrow('no node holds the role "slave" now')
})
