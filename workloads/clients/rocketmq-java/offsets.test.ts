import { expect, it } from 'vitest'
import { offsetsFolder, parseOffsets } from './offsets.ts'

it("reads the client's offset file, which is not valid JSON", () => {
  const written =
    '{\n\t"offsetTable":{\n\t\t{\n\t\t\t"brokerName":"broker-a",\n\t\t\t"queueId":1,\n\t\t\t"topic":"t"\n\t\t}:6,\n\t\t{\n\t\t\t"brokerName":"broker-a",\n\t\t\t"queueId":0,\n\t\t\t"topic":"t"\n\t\t}:5\n\t}\n}'
  expect(parseOffsets(written)).toEqual([
    { topic: 't', brokerName: 'broker-a', queueId: 1, offset: 6 },
    { topic: 't', brokerName: 'broker-a', queueId: 0, offset: 5 },
  ])
  expect(parseOffsets('')).toEqual([])
})

it('uses one folder for all lanes of a trial', () => {
  expect(offsetsFolder('/run/stores/lane-a/consumer')).toBe('/run/stores/broadcasting')
})
