import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeMessages } from '../wire/message.ts'
import type { StoredMessage } from '../wire/message.ts'
import { encodeStored } from '../testing/stored.ts'
import { ProcessQueue } from './process-queue.ts'

const messages = (offsets: number[]): StoredMessage[] =>
  decodeMessages(
    Buffer.concat(
      offsets.map(queueOffset =>
        encodeStored({
          topic: 't',
          queueId: 0,
          queueOffset,
          physicalOffset: queueOffset * 100,
          body: Buffer.from('x'),
        }),
      ),
    ),
  )

describe('a process queue', () => {
  test('allows committing up to the oldest unfinished message', () => {
    const queue = new ProcessQueue({ topic: 't', brokerName: 'b', queueId: 0 })
    queue.put(messages([5, 6, 7]))
    expect(queue.remove(messages([6]))).toBe(5)
    expect(queue.remove(messages([5]))).toBe(7)
    expect(queue.remove(messages([7]))).toBe(8)
    expect(queue.size).toBe(0)
  })

  test('never allows committing beyond an unfinished message, in any order of results', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(60), { minLength: 1, maxLength: 30 }),
        fc.infiniteStream(fc.nat()),
        (offsets, picks) => {
          const all = offsets.toSorted((a, b) => a - b)
          const queue = new ProcessQueue({ topic: 't', brokerName: 'b', queueId: 0 })
          queue.put(messages(all))
          const left = [...all]
          while (left.length > 0) {
            const [done] = left.splice((picks.next().value ?? 0) % left.length, 1)
            const offset = queue.remove(messages([done ?? 0]))
            expect(offset).toBe(left.length > 0 ? Math.min(...left) : (all.at(-1) ?? 0) + 1)
            expect(queue.span).toBe(left.length > 0 ? (all.at(-1) ?? 0) + 1 - Math.min(...left) : 0)
          }
        },
      ),
    )
  })
})
