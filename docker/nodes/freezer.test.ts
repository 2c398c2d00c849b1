import { expect, test } from 'vitest'
import { freezeContainer } from './freezer.ts'

const busy = new Error(
  '(HTTP code 500) server error - Cannot pause container x: OCI runtime pause failed: unable to freeze: unknown',
)
const failing = (errors: Error[]) => ({
  asked: 0,
  async pause(): Promise<void> {
    this.asked += 1
    const error = errors.shift()
    if (error) throw error
  },
})

test('a freezer that gave up is asked again, until it holds', async () => {
  const container = failing([busy, busy])
  await freezeContainer(container, 'broker-1')
  expect(container.asked).toBe(3)
})

test("one that never holds ends with the node and the engine's own words", async () => {
  await expect(freezeContainer(failing([busy]), 'broker-1', -1)).rejects.toThrow(
    /broker-1 could not be frozen .*unable to freeze/,
  )
})

test('any other refusal is told at once', async () => {
  const container = failing([new Error('(HTTP code 409) already paused')])
  await expect(freezeContainer(container, 'broker-1')).rejects.toThrow(/already paused/)
  expect(container.asked).toBe(1)
})
