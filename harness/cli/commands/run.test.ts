import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { commandLine } from '../parser.ts'

afterEach(() => vi.restoreAllMocks())

const scenario = `
name: too-few
system: kafka
cluster: { brokers: 3 }
lanes:
  defaults: { client: kafkajs }
workload: { messages: 10 }
schedule:
  - after: { acked: 100 }
    inject: { fault: crash, target: leader }
`

test('run prints the warnings of the plan before anything starts', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lossproof-run-'))
  const file = join(folder, 'too-few.yaml')
  writeFileSync(file, scenario)
  let printed = ''
  vi.spyOn(process.stderr, 'write').mockImplementation(text => {
    printed += String(text)
    return true
  })
  // Below a file no folder can be made, so the run ends before it looks for an engine.
  const run = commandLine(['run', file, '--results', join(file, 'results')]).parseAsync()
  await expect(run).rejects.toThrow('results cannot be written')
  expect(printed).toMatch(/warning: too-few: step 1 waits for 100 messages, but lane .* sends only 10/)
})
