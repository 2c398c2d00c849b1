/** The Debian that everything is built on: pulled where a registry answers, else made with debootstrap. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type Dockerode from 'dockerode'
import { LossproofError, messageOf } from '../../model/errors.ts'
import { isDebianLike, isRoot, runLoudly } from '../engine/host.ts'

const pullLimitMs = 60_000
const prefix = 'lossproof-debootstrap-'
/** On disk; /tmp may be mounted nodev or noexec, where debootstrap refuses to work. */
const workRoot = '/var/tmp'

/** Makes `tag` exist. Throws LossproofError('image-build'). */
export async function ensureDebian(
  docker: Dockerode,
  tag: string,
  release: string,
  say: (line: string) => void,
): Promise<void> {
  const refused = await pull(docker, `debian:${release}-slim`, tag)
  if (refused === undefined) return say(`pulled debian:${release}-slim`)
  if (!isRoot() || !isDebianLike()) {
    throw new LossproofError(
      'image-build',
      `no base image: debian:${release}-slim could not be pulled (${refused}), and debootstrap needs root on a Debian-like system`,
      {
        hint: `make debian:${release}-slim available to the engine (docker load), or run as root on Debian`,
      },
    )
  }
  say(`no registry answers (${refused}); making a base with debootstrap`)
  await bootstrap(docker, tag, release, say)
}

/** What a builder left that was killed; only one builds at a time. It may still have proc and sys mounted. */
function removeStale(): void {
  for (const name of readdirSync(workRoot).filter(found => found.startsWith(prefix))) {
    const folder = join(workRoot, name)
    for (const mount of ['proc', 'sys']) spawnSync('umount', ['-l', join(folder, mount)], { stdio: 'ignore' })
    rmSync(folder, { recursive: true, force: true })
  }
}

async function pull(docker: Dockerode, image: string, tag: string): Promise<string | undefined> {
  try {
    await finished(docker, await docker.pull(image, { abortSignal: AbortSignal.timeout(pullLimitMs) }))
    const [repo, version] = tag.split(':')
    await docker.getImage(image).tag({ repo: repo ?? tag, tag: version ?? 'latest' })
    return undefined
  } catch (error) {
    return messageOf(error).split('\n')[0]?.slice(0, 160)
  }
}

async function bootstrap(docker: Dockerode, tag: string, release: string, say: (line: string) => void): Promise<void> {
  if (!existsSync('/usr/sbin/debootstrap')) {
    say('installing debootstrap')
    await runLoudly('apt-get', ['update', '-q'], say)
    await runLoudly('apt-get', ['install', '-y', '--no-install-recommends', 'debootstrap'], say)
  }
  removeStale()
  const folder = await mkdtemp(join(workRoot, prefix))
  try {
    await runLoudly('debootstrap', ['--variant=minbase', '--include=ca-certificates', release, folder], say)
    say('importing the base')
    const tar = spawn(
      'tar',
      ['-C', folder, '--exclude=./var/cache/apt/archives/*.deb', '--exclude=./var/lib/apt/lists/*', '-c', '.'],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    )
    const tarEnd = new Promise<number | null>(resolve => tar.on('close', resolve).on('error', () => resolve(null)))
    const [repo, version] = tag.split(':')
    await finished(docker, await docker.importImage(tar.stdout, { repo: repo ?? tag, tag: version ?? 'latest' }))
    if ((await tarEnd) !== 0) {
      await docker.getImage(tag).remove()
      throw new LossproofError('image-build', `tar could not read all of the new base in ${folder}`)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Reads the engine's progress to its end; throws the error that it may carry. */
async function finished(docker: Dockerode, answer: NodeJS.ReadableStream): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(answer, (error: Error | null) => (error ? reject(error) : resolve()))
  })
}
