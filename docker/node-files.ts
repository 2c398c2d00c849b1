/** Reads files of a node's disk from outside, whatever state the node is in. */
import type Dockerode from 'dockerode'
import { PassThrough } from 'node:stream'
import type { Readable } from 'node:stream'
import { extract } from 'tar-stream'
import { z } from 'zod'
import { withHelper } from './helper.ts'
import type { HelperOptions } from './helper.ts'

/** What the engine tells of a container whose writable layer is a folder of the host. */
const Layered = z.object({ GraphDriver: z.object({ Data: z.object({ UpperDir: z.string().min(1) }) }) })
/** Files larger than this are left out. */
const largestKiB = 131_072

/** Files by their path below the folder that was asked about. */
export type Files = Map<string, Buffer>

/**
 * Every file `*.log` and `*-checkpoint` that lies directly in `folders` below `root` or directly in `root`, in a container that
 * can run a command. What changes meanwhile is read as it is; what is not there is not in the answer.
 */
export async function readByCommand(container: Dockerode.Container, root: string, folders: readonly string[]): Promise<Files> {
  const script = `cd '${root}' && { find . -maxdepth 1 -type f -name '*-checkpoint'; find "$@" -maxdepth 1 -type f \\( -name '*.log' -size -${largestKiB}k -o -name '*-checkpoint' \\); } 2>/dev/null | tar cf - --ignore-failed-read -T - 2>/dev/null; true`
  const exec = await container.exec({ Cmd: ['sh', '-c', script, 'sh', ...folders], AttachStdout: true, AttachStderr: true })
  const stream = await exec.start({})
  const out = new PassThrough()
  container.modem.demuxStream(stream, out, new PassThrough().resume())
  stream.on('end', () => out.end()).on('close', () => out.end()).on('error', error => out.destroy(error))
  return unpack(out)
}

/** One file, of a container in any state; undefined when it is not there. */
export async function readFromEngine(container: Dockerode.Container, path: string): Promise<Buffer | undefined> {
  let archive: NodeJS.ReadableStream
  try {
    archive = await container.getArchive({ path })
  } catch (error) {
    if (error instanceof Error && 'statusCode' in error && error.statusCode === 404) return undefined
    throw error
  }
  const files = await unpack(archive as Readable)
  return [...files.values()][0]
}

/**
 * As `readByCommand`, of a container that is down and whose files lie in a writable layer of its own: from a helper that has
 * the layer. Undefined where the engine does not tell where that is.
 */
export async function readLayer(docker: Dockerode, options: Pick<HelperOptions, 'image' | 'labels'>, container: Dockerode.Container, root: string, folders: readonly string[]): Promise<Files | undefined> {
  const layered = Layered.safeParse(await container.inspect())
  if (!layered.success) return undefined
  const layer = layered.data.GraphDriver.Data.UpperDir
  return withHelper(docker, { ...options, capabilities: ['DAC_OVERRIDE'], binds: [`${layer}:/layer:ro`] }, async helper => readByCommand(helper, `/layer${root}`, folders))
}

async function unpack(archive: Readable): Promise<Files> {
  const files: Files = new Map()
  const entries = archive.pipe(extract())
  archive.on('error', error => entries.destroy(error))
  for await (const entry of entries) {
    const pieces: Buffer[] = []
    for await (const piece of entry) pieces.push(piece as Buffer)
    if (entry.header.type === 'file') files.set(entry.header.name.replace(/^\.\//, ''), Buffer.concat(pieces))
  }
  return files
}
