/**
 * The Debian image that all others start from: pulled from a registry, or made with debootstrap where no registry
 * answers.
 */
import { execa } from 'execa'
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type Dockerode from 'dockerode'
import { LossproofError, messageOf } from '../../model/errors.ts'
import { isDebianLike, isRoot, runCommand } from '../engine/host.ts'

const pullLimitMs = 60_000
const prefix = 'lossproof-debootstrap-'
/** Not /tmp, which may be mounted nodev or noexec: debootstrap refuses to work there. */
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
      `debian:${release}-slim could not be pulled (${refused}). Lossproof can build it with debootstrap, ` +
        'but only as root on a Debian-like system',
      {
        hint: `load debian:${release}-slim into the engine with docker load, or run as root on Debian`,
      },
    )
  }
  say(`no registry answered (${refused}): making the base image with debootstrap`)
  await bootstrap(docker, tag, release, say)
}

/**
 * Removes the folder of a build that was killed. It may still have proc and sys mounted. Builds hold a lock, so none is
 * running.
 */
async function removeStale(): Promise<void> {
  for (const name of readdirSync(workRoot).filter(found => found.startsWith(prefix))) {
    const folder = join(workRoot, name)
    for (const mount of ['proc', 'sys']) await execa('umount', ['-l', join(folder, mount)], { reject: false })
    await rm(folder, { recursive: true, force: true })
  }
}

/** Pulls and tags the image. Resolves with the first line of the error when the pull failed. */
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
    await runCommand('apt-get', ['update', '-q'], say)
    await runCommand('apt-get', ['install', '-y', '--no-install-recommends', 'debootstrap'], say)
  }
  await removeStale()
  const folder = await mkdtemp(join(workRoot, prefix))
  try {
    await runCommand('debootstrap', ['--variant=minbase', '--include=ca-certificates', release, folder], say)
    say('importing the base image')
    const tar = execa(
      'tar',
      ['-C', folder, '--exclude=./var/cache/apt/archives/*.deb', '--exclude=./var/lib/apt/lists/*', '-c', '.'],
      { stdin: 'ignore', stderr: 'ignore', buffer: false, reject: false },
    )
    const [repo, version] = tag.split(':')
    await finished(docker, await docker.importImage(tar.stdout, { repo: repo ?? tag, tag: version ?? 'latest' }))
    const { failed, shortMessage } = await tar
    if (failed) {
      await docker.getImage(tag).remove()
      throw new LossproofError(
        'image-build',
        `the new base image in ${folder} could not be read: ${shortMessage ?? 'tar failed'}`,
      )
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Reads the engine's progress to its end and throws the error that it may report. */
async function finished(docker: Dockerode, answer: NodeJS.ReadableStream): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(answer, (error: Error | null) => (error ? reject(error) : resolve()))
  })
}
