import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { detachScript } from './disks.ts'

test('the disks of a trial are detached, and not those of one whose name begins the same', () => {
  const blocks = mkdtempSync(join(tmpdir(), 'lossproof-blocks-'))
  const backing = { loop64: '/images/run-disk@broker-1.img', loop65: '/images/run-disk-slave@broker-1.img' }
  for (const [device, file] of Object.entries(backing)) {
    mkdirSync(join(blocks, device, 'loop'), { recursive: true })
    writeFileSync(join(blocks, device, 'loop/backing_file'), `${file}\n`)
  }
  // The fourth part of the path is the device, as in /sys/block/loop64.
  const script = detachScript.replace('/sys/block/', '$BLOCKS/').replace('cut -d/ -f4', 'grep -o "loop6."')
  const detached = execFileSync('sh', ['-c', `losetup() { echo "$2"; }; ${script}`, 'detach', 'run-disk'], {
    encoding: 'utf8',
    env: { ...process.env, BLOCKS: blocks },
  })
  expect(detached.trim()).toBe('/dev/loop64')
  rmSync(blocks, { recursive: true })
})
