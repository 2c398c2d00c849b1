import { describe, expect, test } from 'vitest'
import { appRole, capabilities, clientRoles, faultEffects, nodeRoles } from './fault.ts'
import { abilities } from '../model/abilities.ts'
import { faults, findFault } from './index.ts'

test('every fault has an id of its own, and is found by it', () => {
  expect(new Set(faults.map(({ id }) => id)).size).toBe(faults.length)
  for (const fault of faults) expect(findFault(fault.id)).toBe(fault)
  expect(findFault('crahs')).toBeUndefined()
})

test.each(faults.map(fault => [fault.id, fault] as const))(
  '%s names known roles, capabilities, abilities and effects, and accepts its own defaults',
  (_, fault) => {
    expect(fault.effects.length).toBeGreaterThan(0)
    expect(Object.keys(faultEffects)).toEqual(expect.arrayContaining([...fault.effects]))
    expect([...nodeRoles, ...clientRoles, appRole]).toEqual(expect.arrayContaining([...fault.targets]))
    expect(capabilities).toEqual(expect.arrayContaining([...fault.needs]))
    expect(Object.keys(abilities)).toEqual(expect.arrayContaining([...(fault.abilities ?? [])]))
    for (const [name, param] of Object.entries(fault.params))
      expect(param.check(param.default ?? null), name).toBeUndefined()
  },
)

test('a weaker fault exists, differs, and can be aimed at a target of the stronger one', () => {
  for (const { id, weaker = [], targets } of faults)
    for (const other of weaker) {
      expect(other).not.toBe(id)
      expect(
        findFault(other)?.targets.some(target => targets.includes(target)),
        `${other} for ${id}`,
      ).toBe(true)
    }
})

describe('parameters out of range are refused with what was expected', () => {
  test.each([
    ['latency', 'ms', 0, 'expected a number above 0, got 0'],
    ['latency', 'jitter', -1, 'expected a number from 0, got -1'],
    ['latency', 'ms', '100', 'expected a number above 0, got "100"'],
    ['slow-close', 'ms', 60_001, 'expected at most 60000, got 60001'],
    ['limit-data', 'bytes', 301, 'expected at most 300, got 301'],
    ['partition', 'direction', 'up', 'expected one of both, in, out, got "up"'],
    ['leader-transfer', 'to', 'anyone', 'expected follower, preferred or a broker such as broker-2, got "anyone"'],
  ] as const)('%s %s: %j', (id, name, value, message) => {
    expect(findFault(id)?.params[name]?.check(value)).toBe(message)
  })
})

describe('clusters that are too small for a fault are refused', () => {
  test.each([
    ['partition', 1, {}],
    ['partition-ring', 3, {}],
    ['controller-crash', 2, {}],
    ['leader-transfer', 3, { to: 'broker-4' }],
    ['leader-transfer', 3, { to: 'broker-0' }],
  ] as const)('%s with %i brokers', (id, brokers, params) => {
    const refuses = findFault(id)?.refuses
    expect(refuses?.(brokers, params)).toEqual(expect.any(String))
    expect(refuses?.(brokers + 1, { to: 'broker-1' })).toBeUndefined()
  })
})
