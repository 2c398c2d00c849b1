import { expect, test } from 'vitest'
import { commonFolder, volumeOf } from './volumes.ts'

const container = (volumes: { name: string; at: string }[]) => ({ name: 'shop-kafka1-1', service: 'kafka1', volumes })
const data = container([
  { name: 'shop_root', at: '/var' },
  { name: 'shop_data', at: '/var/lib/kafka' },
])

test('the innermost mount holds the messages, and is named as the compose file or the engine names it', () => {
  const found = { volume: 'shop_data', at: '/var/lib/kafka', folder: 'data' }
  expect(volumeOf(data, 'shop', '/var/lib/kafka/data', ['data'])).toEqual(found)
  expect(volumeOf(data, 'shop', '/var/lib/kafka/data/', ['shop_data'])).toEqual({ ...found, folder: 'data' })
  expect(volumeOf(data, 'shop', '/var/lib/kafka', ['data']).folder).toBe('.')
})

test.each([
  ['/var/lib/kafka/data', ['other'], 'in the volume shop_data, which cluster.volumes does not name'],
  ['/var/lib/kafka/data', ['root'], 'in the volume shop_data, which cluster.volumes does not name'],
  ['/tmp/kafka-logs', ['data'], 'in /tmp/kafka-logs, which is in no volume'],
  ['/variable/kafka', ['root'], 'in /variable/kafka, which is in no volume'],
  ['/var/lib/kafka/a,/var/lib/kafka/b', ['data'], 'in 2 folders'],
])('messages in %s are not to be emptied by %j', (dirs, allowed, why) => {
  expect(() => volumeOf(data, 'shop', dirs, allowed)).toThrow(
    `the service "kafka1" (shop-kafka1-1) stores messages ${why}`,
  )
})

test('brokers with different folders are refused', () => {
  const at = (folder: string) => ({ volume: 'v', at: '/d', folder })
  expect(commonFolder([at('a'), at('a')])).toBe('a')
  expect(() => commonFolder([at('a'), at('b')])).toThrow('different folders of their volumes: a, b')
})
