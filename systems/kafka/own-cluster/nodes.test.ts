import { describe, expect, test } from 'vitest'
import type { ProjectContainer } from '../../../docker/projects/project.ts'
import { checkVoters, containersOf, controllersOf } from './nodes.ts'

const container = (service: string, environment: Record<string, string>, published: number[]): ProjectContainer => ({
  id: service,
  name: `project-${service}-1`,
  service,
  image: 'sha256:1',
  state: 'running',
  environment,
  published,
  addresses: [],
  networks: [],
  volumes: [],
})
const broker = (id: number, port: number) => ({ id, address: `127.0.0.1:${port}` })

describe('which container is which broker', () => {
  test('is said by the number in its variables, else by the port that it publishes', () => {
    const containers = [
      container('a', { KAFKA_NODE_ID: '2' }, [1]),
      container('b', { KAFKA_CFG_NODE_ID: '1' }, [2]),
      container('c', {}, [3]),
    ]
    const found = containersOf([broker(1, 2), broker(2, 1), broker(3, 3)], containers, ['a', 'b', 'c'])
    expect([...found].map(([id, { service }]) => [id, service])).toEqual([
      [1, 'b'],
      [2, 'a'],
      [3, 'c'],
    ])
  })

  test('a broker in none of the services is refused: a fault at it would hit nothing', () => {
    const containers = [container('a', { KAFKA_NODE_ID: '1' }, [1])]
    expect(() => containersOf([broker(1, 1), broker(2, 2)], containers, ['a'])).toThrow(
      'broker 2, which advertises 127.0.0.1:2, belongs to none of the services a',
    )
  })

  test('a broker of another cluster with the same number is refused', () => {
    const containers = [container('a', { KAFKA_NODE_ID: '1' }, [19092])]
    expect(() => containersOf([{ id: 1, address: 'kafka.prod:9092' }], containers, ['a'])).toThrow(
      'broker 1 advertises kafka.prod:9092, which is no address of the container project-a-1',
    )
  })

  test('two containers with one number are refused', () => {
    const containers = [container('a', { KAFKA_NODE_ID: '1' }, []), container('b', { KAFKA_NODE_ID: '1' }, [])]
    expect(() => containersOf([broker(1, 1)], containers, ['a', 'b'])).toThrow(
      'belongs to several containers: project-a-1, project-b-1',
    )
  })

  test('a service that is no broker is refused', () => {
    const containers = [container('a', { KAFKA_NODE_ID: '1' }, []), container('ui', {}, [80])]
    expect(() => containersOf([broker(1, 1)], containers, ['a', 'ui'])).toThrow(
      'the service "ui" (project-ui-1) is not a broker',
    )
  })
})

describe('controllers', () => {
  test('that are no brokers are found by the number in their variables', () => {
    const found = controllersOf([
      container('c1', { KAFKA_NODE_ID: '101' }, []),
      container('c2', { KAFKA_NODE_ID: '102' }, []),
    ])
    expect([...found.keys()]).toEqual([101, 102])
  })

  test.each([
    [[container('c1', {}, [])], 'project-c1-1 of the service "c1" does not tell its number'],
    [
      [container('c1', { KAFKA_NODE_ID: '1' }, []), container('c2', { KAFKA_NODE_ID: '1' }, [])],
      'project-c2-1 and project-c1-1 have the number 1',
    ],
  ])('without a number of their own are refused', (containers, why) => {
    expect(() => controllersOf(containers)).toThrow(why)
  })

  test('all of them have to be named: a broker is to be cut off from every other node', () => {
    expect(() => checkVoters([1, 2, 3], [1, 2, 3], [])).not.toThrow()
    expect(() => checkVoters([], [1], [])).not.toThrow()
    expect(() => checkVoters([101, 102], [1], [101])).toThrow('controllers that the scenario does not name: 102')
    expect(() => checkVoters([101], [1], [101, 102])).toThrow('102 has no vote in this cluster')
  })
})
