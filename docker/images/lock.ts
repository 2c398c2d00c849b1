/** One builder at a time on this machine; a builder that died holds nothing up. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { LossproofError } from '../../model/errors.ts'
import { ownerIsGone, ownerOf } from '../engine/labels.ts'

const limitMs = 20 * 60_000
const intervalMs = 500

export async function withBuildLock<T>(work: () => Promise<T>, onWait: () => void): Promise<T> {
  const path = join(tmpdir(), `lossproof-build-${userInfo().uid}.lock`)
  const deadline = Date.now() + limitMs
  let told = false
  while (!take(path)) {
    if (Date.now() > deadline)
      throw new LossproofError('image-build', `another lossproof has held ${path} for ${limitMs / 60_000} min`)
    if (!told) onWait()
    told = true
    await delay(intervalMs)
  }
  try {
    return await work()
  } finally {
    rmSync(path, { recursive: true, force: true })
  }
}

/** A folder can be made only once. */
function take(path: string): boolean {
  try {
    mkdirSync(path)
    writeFileSync(join(path, 'owner'), ownerOf(process.pid))
    return true
  } catch {
    const owner = read(join(path, 'owner'))
    if (owner !== undefined && ownerIsGone(owner)) rmSync(path, { recursive: true, force: true })
    return false
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
