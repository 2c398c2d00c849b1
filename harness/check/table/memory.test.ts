/** How much memory the table and the final log take for each message, by numbering. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { LaneCheck } from '../lane.ts'

setFlagsFromString('--expose-gc')
const gc: () => void = runInNewContext('gc')
/** Freed arrays are counted until the collection after the next one. */
const collect = () => {
  for (let times = 0; times < 3; times++) gc()
}
const messages = 50_000
const partitions = 8
/** Beside the columns a judge needs some for reading and sorting; together at most 32. */
const mostBytes = 28

const random = (at: number) => (Math.imul(at, 0x9e3779b1) & (2 ** 30 - 1)) + 2 ** 30

test.each([
  ['dense', at => at],
  ['every thousandth', at => at * 1000],
  ['scattered', random],
  ['half dense, half scattered', at => (at < messages / 2 ? at : random(at))],
] satisfies [string, (at: number) => number][])(
  `%s numbers take at most ${mostBytes} bytes a message`,
  (_, numberOf) => {
    collect()
    const before = process.memoryUsage().arrayBuffers
    const lane = judged(numberOf)
    collect()
    const bytes = (process.memoryUsage().arrayBuffers - before) / messages
    expect(lane.counts.stored).toBe(messages)
    expect(bytes).toBeGreaterThan(10)
    expect(bytes).toBeLessThan(mostBytes)
  },
)

function judged(numberOf: (at: number) => number) {
  const lane = new LaneCheck()
  const header = { lane: 'a', client: 'test' } as const
  lane.begin({ ...header, role: 'producer', process: 'producer-1' })
  for (let at = 0; at < messages; at++) {
    const s = numberOf(at)
    lane.add({ op: 'sent', s, p: at % partitions, t: at / 10 })
    lane.add({ op: 'acked', s, p: at % partitions, o: Math.floor(at / partitions), t: at / 10 + 2.5 })
  }
  lane.begin({ ...header, role: 'reader', process: 'reader-1' })
  for (let p = 0; p < partitions; p++) {
    for (let at = p; at < messages; at += partitions)
      lane.add({ op: 'stored', s: numberOf(at), p, o: Math.floor(at / partitions), e: 0, t: messages })
    lane.add({ op: 'end', p, o: Math.ceil((messages - p) / partitions), t: messages })
  }
  return lane.finish({ partitions, fences: undefined, epochs: undefined })
}
