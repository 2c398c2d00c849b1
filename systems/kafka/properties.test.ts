import { expect, test } from 'vitest'
import { nodesOf, serverProperties } from './properties.ts'

test('replication goes through the proxy, controllers are reached directly, and given settings win', () => {
  const [node] = nodesOf({ brokers: 3, controllers: 0 })
  if (!node) throw new Error('no node')
  const text = serverProperties(node, { brokers: 3, controllers: 0 }, () => 40_001, {
    'num.io.threads': 8,
    note: 'a\\b',
  })
  expect(text).toContain('controller.quorum.voters=1@broker-1:9093,2@broker-2:9093,3@broker-3:9093\n')
  expect(text).toContain('REPL://toxiproxy:9101\n')
  expect(text).toContain('PRODUCER://127.0.0.1:40001')
  expect(text).toContain('num.io.threads=8\n')
  expect(text).toContain('note=a\\\\b\n')
})

test('dedicated controllers have no client listener', () => {
  const nodes = nodesOf({ brokers: 2, controllers: 1 })
  expect(nodes.map(node => [node.name, node.roles])).toEqual([
    ['controller-101', 'controller'],
    ['broker-1', 'broker'],
    ['broker-2', 'broker'],
  ])
  const [controller] = nodes
  if (!controller) throw new Error('no node')
  expect(serverProperties(controller, { brokers: 2, controllers: 1 }, () => 1, {})).toContain(
    '\nlisteners=CONTROLLER://0.0.0.0:9093\n',
  )
})
