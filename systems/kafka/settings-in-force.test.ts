import { expect, test } from 'vitest'
import type { Lane, Settings } from '../../model/plan.ts'
import { settingDifferences } from './settings-in-force.ts'

const brokers = [1, 2].map(id => ({ id, name: `broker-${id}` }))
const lane = (id: string, settings: Settings) => ({ id, topic: { name: `t.${id}`, settings } }) as Lane

/** `inForce`: by resource name. */
async function found(broker: Settings, lanes: Lane[], inForce: Record<string, Record<string, string>>) {
  const asked: string[][] = []
  const differences = await settingDifferences({
    brokers,
    broker,
    lanes,
    describe: async (id, resources) => {
      asked.push([
        `broker ${id}`,
        ...resources.map(({ type, name, settings }) => `${type} ${name}: ${settings.join()}`),
      ])
      return resources.map(({ name }) => new Map(Object.entries(inForce[name] ?? {})))
    },
  })
  return { differences, asked }
}

test('each broker is asked for its own settings, and one broker for those of the topics', async () => {
  const { differences, asked } = await found(
    { 'log.flush.interval.messages': 1 },
    [lane('a', { 'flush.messages': 1 }), lane('b', {})],
    {
      1: { 'log.flush.interval.messages': '1' },
      2: { 'log.flush.interval.messages': '1' },
      't.a': { 'flush.messages': '1' },
    },
  )
  expect(differences).toEqual([])
  expect(asked).toEqual([
    ['broker 1', 'broker 1: log.flush.interval.messages'],
    ['broker 2', 'broker 2: log.flush.interval.messages'],
    ['broker 1', 'topic t.a: flush.messages'],
  ])
})

test('a difference of a topic concerns its lane, one of a broker all lanes', async () => {
  const { differences } = await found({ 'min.isr': 2 }, [lane('a', { 'retention.ms': 5 })], {
    1: { 'min.isr': '2' },
    2: { 'min.isr': '1' },
    't.a': { 'retention.ms': '604800000' },
  })
  expect(differences).toEqual([
    { setting: 'broker.min.isr', where: 'broker-2', requested: '2', inForce: '1' },
    { lanes: ['a'], setting: 'topic.retention.ms', where: 't.a', requested: '5', inForce: '604800000' },
  ])
})

test('nothing is asked where nothing is set', async () => {
  expect((await found({}, [lane('a', {})], {})).asked).toEqual([])
})
