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

test('a freeze that the engine gave up is tried again', async () => {
  const container = failing([busy, busy])
  await freezeContainer(container, 'broker-1')
  expect(container.asked).toBe(3)
})

test("at the limit the error names the node and the engine's last answer", async () => {
  await expect(freezeContainer(failing([busy]), 'broker-1', -1)).rejects.toThrow(
    /broker-1 could not be frozen .*unable to freeze/,
  )
})

test('any other refusal of the engine is reported at once', async () => {
  const container = failing([new Error('(HTTP code 409) already paused')])
  await expect(freezeContainer(container, 'broker-1')).rejects.toThrow(/already paused/)
  expect(container.asked).toBe(1)
})
