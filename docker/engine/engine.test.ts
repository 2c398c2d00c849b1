import { expect, test } from 'vitest'
import { candidates, namedEngine } from './engine.ts'

test('DOCKER_HOST, when set, is the only candidate', () => {
  expect(candidates({ DOCKER_HOST: 'tcp://x:1' }, '/none')).toEqual([{ host: 'tcp://x:1', source: 'DOCKER_HOST' }])
})

test("without a named engine the usual sockets are candidates, the system's first", () => {
  expect(candidates({}, '/none')[0]?.host).toBe('unix:///var/run/docker.sock')
})

test('an unknown context is an error; the default context names no engine', () => {
  expect(() => candidates({ DOCKER_CONTEXT: 'gone' }, '/none')).toThrow('unknown Docker context gone')
  expect(namedEngine({ DOCKER_CONTEXT: 'default' }, '/none')).toBeUndefined()
})
