import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Answer } from '../clients/client.ts'
import type { RetryPolicy } from './retry-policy.ts'
import { sendWithRetry } from './retry.ts'
import type { RetryHooks } from './retry.ts'

const quick: RetryPolicy = { attempts: 3, backoffMs: 0, factor: 1, maxBackoffMs: 0, on: ['unknown'] }
const patient: RetryPolicy = { attempts: 3, backoffMs: 60_000, factor: 1, maxBackoffMs: 60_000, on: ['unknown'] }
const unknown: Answer = { answer: 'unknown', code: 'TIMEOUT' }
const acked: Answer = { answer: 'acked', offset: 4 }

let told: string[] = []
let stop = new AbortController()

beforeEach(() => {
  told = []
  stop = new AbortController()
})

const hooks: RetryHooks = {
  attempt: n => told.push(`attempt ${n}`),
  answer: (n, { answer }) => told.push(`answer ${n} ${answer}`),
  gaveUp: ({ why, attempts, code }) => told.push(`gave up ${why} ${attempts} ${String(code)}`),
}

function answering(...answers: Answer[]): (n: number) => Promise<Answer> {
  return async n => {
    told.push(`send ${n}`)
    return answers[n - 1] ?? unknown
  }
}

describe('sending with retries', () => {
  it('calls the hooks for each attempt before it leaves, and for each answer before the next attempt', async () => {
    expect(await sendWithRetry(quick, answering(unknown, acked), hooks, stop.signal)).toEqual({
      acked: true,
      attempts: 2,
    })
    expect(told).toEqual(['attempt 1', 'send 1', 'answer 1 unknown', 'attempt 2', 'send 2', 'answer 2 acked'])
  })

  it('sends the first attempt before it returns', async () => {
    const sending = sendWithRetry(quick, answering(acked), hooks, stop.signal)
    expect(told).toEqual(['attempt 1', 'send 1'])
    await sending
  })

  it('gives up once, after the last answer', async () => {
    expect(await sendWithRetry(quick, answering(), hooks, stop.signal)).toEqual({ acked: false, attempts: 3 })
    expect(told.slice(-2)).toEqual(['answer 3 unknown', 'gave up attempts 3 TIMEOUT'])
    expect(told.filter(line => line.startsWith('gave up'))).toHaveLength(1)
  })

  it('gives up at once on an answer that the policy does not retry', async () => {
    const rejected: Answer = { answer: 'rejected', code: 'MESSAGE_TOO_LARGE' }
    expect(await sendWithRetry(quick, answering(rejected), hooks, stop.signal)).toEqual({ acked: false, attempts: 1 })
    expect(told.at(-1)).toBe('gave up answer 1 MESSAGE_TOO_LARGE')
  })

  it('waits as long as the policy says before each further attempt', async () => {
    const at: number[] = []
    const timed: RetryHooks = { ...hooks, attempt: () => at.push(performance.now()) }
    await sendWithRetry({ ...quick, backoffMs: 20, factor: 3, maxBackoffMs: 50 }, answering(), timed, stop.signal)
    const [first = 0, second = 0, third = 0] = at
    // Timers count whole milliseconds.
    expect(second - first).toBeGreaterThanOrEqual(19)
    expect(third - second).toBeGreaterThanOrEqual(49)
  })

  it('ends a wait at once when it is aborted, and gives up with that reason', async () => {
    const sending = sendWithRetry(patient, answering(), hooks, stop.signal)
    await delay(10)
    const before = performance.now()
    stop.abort()
    expect(await sending).toEqual({ acked: false, attempts: 1 })
    expect(performance.now() - before).toBeLessThan(10_000)
    expect(told.at(-1)).toBe('gave up aborted 1 TIMEOUT')
  })

  it('sends nothing when it was aborted before', async () => {
    stop.abort()
    expect(await sendWithRetry(quick, answering(), hooks, stop.signal)).toEqual({ acked: false, attempts: 0 })
    expect(told).toEqual(['gave up aborted 0 undefined'])
  })

  it('awaits the attempt in flight when it is aborted, and accepts its acknowledgement', async () => {
    const { promise, resolve } = Promise.withResolvers<Answer>()
    const sending = sendWithRetry(patient, async () => promise, hooks, stop.signal)
    stop.abort()
    resolve(acked)
    expect(await sending).toEqual({ acked: true, attempts: 1 })
    expect(told).toEqual(['attempt 1', 'answer 1 acked'])
  })

  it('does not send an attempt that could not be recorded', async () => {
    const full: RetryHooks = {
      ...hooks,
      attempt: () => {
        throw new Error('disk full')
      },
    }
    await expect(sendWithRetry(quick, answering(acked), full, stop.signal)).rejects.toThrow('disk full')
    expect(told).toEqual([])
  })

  it('rejects when a send rejects', async () => {
    const broken = async () => Promise.reject(new Error('a bug of the adapter'))
    await expect(sendWithRetry(quick, broken, hooks, stop.signal)).rejects.toThrow('a bug of the adapter')
    expect(told).toEqual(['attempt 1'])
  })
})

describe('many sends that wait for one signal', () => {
  const warnings: string[] = []
  const hear = (warning: Error) => warnings.push(warning.message)

  beforeEach(() => process.on('warning', hear))
  afterEach(() => process.off('warning', hear))

  it('all end when it aborts, without a warning about too many listeners', async () => {
    const sends = Array.from({ length: 2000 }, async () => sendWithRetry(patient, answering(), hooks, stop.signal))
    await delay(10)
    stop.abort()
    const results = await Promise.all(sends)
    expect(results.every(({ acked: done, attempts }) => !done && attempts === 1)).toBe(true)
    await delay(0)
    expect(warnings).toEqual([])
  })
})
