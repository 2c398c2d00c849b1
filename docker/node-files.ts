/** Reads files of a node's disk from outside, whatever state the node is in. */
import type Dockerode from 'dockerode'
import { PassThrough } from 'node:stream'
import type { Readable } from 'node:stream'
import { extract } from 'tar-stream'
import { z } from 'zod'
import { LossproofError } from '../harness/errors.ts'
import { withHelper } from './helper.ts'
import type { HelperOptions } from './helper.ts'

/** What the engine tells of a container whose writable layer is a folder of the host. */
const Layered = z.object({ GraphDriver: z.object({ Data: z.object({ UpperDir: z.string().min(1) }) }) })
/** Larger files are not read. */
const largestKiB = 131_072
/** More zeros than a message of ours has, and than the pages that a lost power leaves between two that were written. */
const silentBytes = 262_144

/** Files by their path below the folder that was asked about. */
export type Files = Map<string, Buffer>

/**
 * Every file `*.log` and `*-checkpoint` that lies directly in `folders` below `root` or directly in `root`, in a container that
 * can run a command. What changes meanwhile is read as it is; what is not there is not in the answer. `last` is a file in
 * `root` that is always there: it is read last, and without it the answer is not whole. Throws LossproofError('cluster') then.
 */
export async function readByCommand(container: Dockerode.Container, root: string, folders: readonly string[], last: string): Promise<Files> {
  // What goes away in the middle makes tar end with an error, and has no other consequence.
  const script = `cd '${root}' && { find "$@" -maxdepth 1 -type f \\( -name '*.log' -size -${largestKiB}k -o -name '*-checkpoint' \\); find . -maxdepth 1 -type f -name '*-checkpoint'; echo ./${last}; } 2>/dev/null | tar cf - -T -`
  const exec = await container.exec({ Cmd: ['sh', '-c', script, 'sh', ...folders], AttachStdout: true, AttachStderr: true })
  const stream = await exec.start({})
  const out = new PassThrough()
  let said = ''
  const errors = new PassThrough().on('data', (data: Buffer) => (said += data.toString('utf8')))
  container.modem.demuxStream(stream, out, errors)
  stream.on('end', () => out.end()).on('close', () => out.end()).on('error', error => out.destroy(error))
  const files = await unpack(out)
  if (!files.has(last)) throw new LossproofError('cluster', `the files below ${root} could not be read: ${said.trim() || 'no answer'}`)
  return files
}

/** One file, of a container in any state; undefined when it is not there. Throws LossproofError('cluster') when it is too large. */
export async function readFromEngine(container: Dockerode.Container, path: string): Promise<Buffer | undefined> {
  const archive = await archiveOf(container, path)
  return archive && [...(await unpack(archive)).values()][0]
}

/**
 * As `readFromEngine`, of a file that is made in full before it is written: reading ends soon after nothing but zeros come.
 * `size`: of the whole file. In a running container, a helper's as well, the engine reads what lies in page caches.
 */
export async function readWritten(container: Dockerode.Container, path: string): Promise<{ bytes: Buffer; size: number } | undefined> {
  const archive = await archiveOf(container, path)
  if (!archive) return undefined
  const entries = archive.pipe(extract())
  // Most of them end in the middle.
  archive.on('error', () => entries.destroy())
  entries.on('error', () => {})
  try {
    for await (const entry of entries) {
      if (entry.header.type !== 'file') continue
      const size = entry.header.size ?? 0
      if (size > largestKiB * 1024) throw new LossproofError('cluster', `${path} has ${size} bytes, which is more than is read`)
      return { bytes: await writtenPart(entry), size }
    }
    return undefined
  } finally {
    archive.destroy()
    entries.destroy()
  }
}

async function writtenPart(entry: AsyncIterable<unknown>): Promise<Buffer> {
  const pieces: Buffer[] = []
  let silent = 0
  for await (const piece of entry) {
    const bytes = piece as Buffer
    pieces.push(bytes)
    const last = bytes.findLastIndex(byte => byte !== 0)
    silent = last < 0 ? silent + bytes.length : bytes.length - 1 - last
    if (silent >= silentBytes) break
  }
  return Buffer.concat(pieces)
}

/**
 * As `readByCommand`, of a container that is down and whose files lie in a writable layer of its own: from a helper that has
 * the layer. Undefined where the engine does not tell where that is.
 */
export async function readLayer(docker: Dockerode, options: Pick<HelperOptions, 'image' | 'labels'>, container: Dockerode.Container, root: string, folders: readonly string[], last: string): Promise<Files | undefined> {
  const layered = Layered.safeParse(await container.inspect())
  if (!layered.success) return undefined
  const layer = layered.data.GraphDriver.Data.UpperDir
  return withHelper(docker, { ...options, capabilities: ['DAC_OVERRIDE'], binds: [`${layer}:/layer:ro`] }, async helper => readByCommand(helper, `/layer${root}`, folders, last))
}

async function archiveOf(container: Dockerode.Container, path: string): Promise<Readable | undefined> {
  try {
    return (await container.getArchive({ path })) as Readable
  } catch (error) {
    if (error instanceof Error && 'statusCode' in error && error.statusCode === 404) return undefined
    throw error
  }
}

async function unpack(archive: Readable): Promise<Files> {
  const files: Files = new Map()
  const entries = archive.pipe(extract())
  archive.on('error', error => entries.destroy(error))
  for await (const entry of entries) {
    if ((entry.header.size ?? 0) > largestKiB * 1024) throw new LossproofError('cluster', `${entry.header.name} has ${entry.header.size} bytes, which is more than is read`)
    const pieces: Buffer[] = []
    for await (const piece of entry) pieces.push(piece as Buffer)
    if (entry.header.type === 'file') files.set(entry.header.name.replace(/^\.\//, ''), Buffer.concat(pieces))
  }
  return files
}
