/** The example projects, with the packed package installed as their readers would install it. */
import { cpSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'
import { root } from '../support/cli.ts'
import { installPackage } from '../support/package.ts'

/** A copy of an example, with the package installed. */
async function project(example: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), `example-${example}-`))
  cpSync(join(root, 'examples', example), folder, { recursive: true })
  await installPackage(folder)
  return folder
}

test('vitest: a service on a cluster whose leader dies, and matchers on a scenario with its settings', async () => {
  const cwd = await project('vitest')
  const { exitCode, all } = await execa('vitest', ['run'], {
    cwd,
    env: { NO_COLOR: '1' },
    preferLocal: true,
    localDir: root,
    reject: false,
    all: true,
  })
  expect(all).toMatch(/Tests +4 passed \(4\)/)
  expect(exitCode).toBe(0)
})

test.runIf(process.env['LOSSPROOF_SOAK'])('JUnit: a test of a Maven project runs a scenario', async () => {
  const cwd = await project('junit')
  const { exitCode, all } = await execa('mvn', ['-B', 'test'], {
    cwd,
    env: { PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}` },
    reject: false,
    all: true,
  })
  expect(all).toContain('acks=1: lost')
  expect(all).toMatch(/Tests run: 1, Failures: 0, Errors: 0/)
  expect(exitCode).toBe(0)
})
