import { expect, test } from 'vitest'
import { addressIn } from './network.ts'

test('addresses are counted from the start of the subnet', () => {
  expect([addressIn('172.20.0.0/16', 2), addressIn('10.1.2.0/24', 254), addressIn('10.0.0.0/16', 256)]).toEqual([
    '172.20.0.2',
    '10.1.2.254',
    '10.0.1.0',
  ])
  expect(() => addressIn('10.1.2.0/24', 255)).toThrow('no address')
})
