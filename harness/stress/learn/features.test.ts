import { expect, test } from 'vitest'
import type { TrialEvent } from '../../../history/events.ts'
import { featuresOf, heldAlone, magnitude } from './features.ts'
import { withoutNumbers } from './outcome.ts'

const leader = (t: number, id: number, epoch: number): TrialEvent => ({
  kind: 'leader',
  t,
  lane: 'a',
  p: 0,
  leader: id,
  epoch,
})
const isr = (t: number, ...members: number[]): TrialEvent => ({ kind: 'isr', t, lane: 'a', p: 0, isr: members })

test('a trial shows its elections, the sizes of its ISR and the roles that were hit', () => {
  const events: TrialEvent[] = [
    leader(0, 1, 0),
    isr(0, 1, 2, 3),
    { kind: 'fault', t: 1, id: 'crash-1', fault: 'crash', target: 'leader', nodes: ['broker-1'] },
    leader(2, -1, 0),
    leader(3, 2, 1),
    isr(4, 2, 3),
    isr(9, 1, 2, 3),
  ]
  expect(featuresOf({ events, own: [], neighbours: [], held: [{ replicas: 1, of: 3 }] })).toEqual([
    'elections 1',
    'held by 1 of 3',
    'hit leader',
    'isr 3>2>3',
    'leaderless',
  ])
})

test('numbers are told by their magnitude', () => {
  expect([0, 1, 2, 9, 10, 99, 100, 4321].map(magnitude)).toEqual([
    '0',
    '1',
    '2-9',
    '2-9',
    '10-99',
    '10-99',
    '100-999',
    '1000-9999',
  ])
})

test('acknowledged messages that only some replicas have are found in the extracts', () => {
  const read = (t: number, broker: number, end: number) => ({ at: 'fault', t, done: t + 5, broker, p: 0, end })
  const acked = new Map([
    [
      0,
      [
        { o: 10, t: 50 },
        { o: 20, t: 100 },
        { o: 40, t: 900 },
      ],
    ],
  ])
  expect(heldAlone([read(200, 1, 21), read(201, 2, 15), read(202, 3, 15)], acked)).toEqual([{ replicas: 1, of: 3 }])
  expect(heldAlone([read(200, 1, 21), read(201, 2, 21), read(202, 3, 21)], acked)).toEqual([])
  // Acknowledged after the reading.
  expect(heldAlone([read(200, 1, 41), read(201, 2, 21)], acked)).toEqual([])
})

test('reasons that differ in numbers and names are equal', () => {
  const reason = (lane: string, n: number) =>
    `waited 60 s for: ${n} acked (lanes ${lane}, b); last seen: ${lane}: ${n} of 50`
  expect(withoutNumbers(reason('a', 3))).toBe(withoutNumbers(reason('c', 47)))
})
