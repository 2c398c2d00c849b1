import { expect, test } from 'vitest'
import { targetsOn } from './roles.ts'

const system = { roles: ['leader', 'all'], abilities: ['replication-mesh'] } as const

test('a fault can be aimed at the roles that the system has, in the order of the fault, and at clients', () => {
  expect(targetsOn(system, { targets: ['master', 'all', 'leader', 'producer'] })).toEqual(['all', 'leader', 'producer'])
})

test('a fault that needs an ability which the system lacks has no target there', () => {
  expect(targetsOn(system, { targets: ['leader'], abilities: ['replication-mesh'] })).toEqual(['leader'])
  expect(targetsOn(system, { targets: ['leader'], abilities: ['replication-mesh', 'controller-epoch'] })).toEqual([])
})
