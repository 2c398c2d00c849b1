import { expect, it } from 'vitest'
import { offsetsFolder, parseOffsets } from './offsets.ts'

it("reads the client's offset file, which is not valid JSON", () => {
  const queue = (id: number) =>
    `\t\t{\n\t\t\t"brokerName":"broker-a",\n\t\t\t"queueId":${id},\n\t\t\t"topic":"t"\n\t\t}`
  const written = `{\n\t"offsetTable":{\n${queue(1)}:6,\n${queue(0)}:5\n\t}\n}`
  expect(parseOffsets(written)).toEqual([
    { topic: 't', brokerName: 'broker-a', queueId: 1, offset: 6 },
    { topic: 't', brokerName: 'broker-a', queueId: 0, offset: 5 },
  ])
  expect(parseOffsets('')).toEqual([])
})

it('uses one folder for all lanes of a trial', () => {
  expect(offsetsFolder('/run/stores/lane-a/consumer')).toBe('/run/stores/broadcasting')
})
