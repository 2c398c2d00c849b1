import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { LossproofError } from '../../../model/errors.ts'
import { planOf } from '../../plan/testing/demo.ts'
import { requireOwnership, withWholePaths } from './own-clusters.ts'

const plan = (cluster: string) => planOf(`name: own\nsystem: kafka\ncluster: ${cluster}\nlanes: { cells: [{}] }\n`)

test('a cluster that is known by its address alone is tested only with the permission of its owner', () => {
  const own = plan('{ bootstrap: kafka.test:9092 }')
  const refused = () => requireOwnership(own, false)
  expect(refused).toThrow('the scenario tests the cluster at kafka.test:9092: it creates topics there')
  expect(refused).toThrow(LossproofError)
  expect(() => requireOwnership(own, true)).not.toThrow()
})

test('a project of which the scenario names an address needs the permission too', () => {
  const compose = 'compose: a/docker-compose.yml, brokers: [kafka1], attach: true'
  expect(() => requireOwnership(plan(`{ ${compose}, bootstrap: kafka.test:9092 }`), false)).toThrow('kafka.test:9092')
  const attached = plan(`{ ${compose} }`)
  expect(() => requireOwnership(attached, false)).not.toThrow()
  expect(withWholePaths(attached).trials[0]?.cluster.own?.compose?.file).toBe(resolve('a/docker-compose.yml'))
})

test('volumes of a running project are emptied only with permission, those of a started one without', () => {
  const compose = 'compose: a/docker-compose.yml, brokers: [kafka1], volumes: [data]'
  const running = plan(`{ ${compose}, attach: true }`)
  expect(() => requireOwnership(running, false)).toThrow('may empty volumes of the running project')
  expect(() => requireOwnership(running, true)).not.toThrow()
  expect(() => requireOwnership(plan(`{ ${compose} }`), false)).not.toThrow()
})

test('a cluster that Lossproof builds needs no permission', () => {
  expect(() => requireOwnership(plan('{ brokers: 1 }'), false)).not.toThrow()
})
