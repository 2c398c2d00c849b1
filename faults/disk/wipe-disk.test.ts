import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { wipe } from './wipe-disk.ts'

test.each(['log', '.'])(
  'everything in the folder %s goes, except named files and what is below named folders',
  folder => {
    const disk = mkdtempSync(join(tmpdir(), 'lossproof-wipe-'))
    const kept = [`${folder}/__meta-0/1.log`, `${folder}/meta.properties`]
    for (const file of [...kept, `${folder}/orders-0/1.log`, `${folder}/orders-0/meta.properties`]) {
      mkdirSync(dirname(join(disk, file)), { recursive: true })
      writeFileSync(join(disk, file), 'x')
    }
    const script = wipe(folder, ['meta.properties', '__meta-0/']).replaceAll('/disk', disk)
    const left = execFileSync('sh', ['-c', script], { encoding: 'utf8' })
    expect(left.trim().split('\n')).toEqual(kept.map(file => `${disk}/${file}`))
    rmSync(disk, { recursive: true })
  },
)
