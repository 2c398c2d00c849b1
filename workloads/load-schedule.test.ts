import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LoadSchedule } from './load-schedule.ts'

const all = 1_000_000

describe('the load schedule', () => {
  it('has nothing due before it starts', () => {
    expect(new LoadSchedule(100).take(5000, all)).toEqual([])
  })

  it('returns the intended times, however late it is asked', () => {
    const schedule = new LoadSchedule(100)
    schedule.resume(1000)
    expect(schedule.take(1000, all)).toEqual([1000])
    expect(schedule.take(1025, all)).toEqual([1010, 1020])
    expect(schedule.take(1025, all)).toEqual([])
  })

  it('shifts by the length of a pause', () => {
    const schedule = new LoadSchedule(100)
    schedule.resume(0)
    schedule.take(15, all)
    schedule.pause(16)
    expect(schedule.take(5000, all)).toEqual([])
    schedule.resume(1016)
    expect(schedule.take(1019, all)).toEqual([])
    expect(schedule.take(1020, all)).toEqual([1020])
  })

  it('keeps sends beyond the limit for the next call', () => {
    const schedule = new LoadSchedule(1000)
    schedule.resume(0)
    expect(schedule.take(9, 4)).toEqual([0, 1, 2, 3])
    expect(schedule.take(9, all)).toEqual([4, 5, 6, 7, 8, 9])
  })

  it('makes as many sends as the rate says for the time that it ran, with any pauses', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 500 }), fc.boolean()), { maxLength: 50 }), steps => {
        const schedule = new LoadSchedule(200)
        schedule.resume(0)
        let now = 0
        let ran = 0
        let running = true
        let due = 0
        for (const [passed, run] of steps) {
          now += passed
          if (running) ran += passed
          due += schedule.take(now, all).length
          if (run) schedule.resume(now)
          else schedule.pause(now)
          running = run
        }
        schedule.resume(now)
        due += schedule.take(now, all).length
        expect(due).toBe(Math.floor(ran / 5) + 1)
      }),
    )
  })
})
