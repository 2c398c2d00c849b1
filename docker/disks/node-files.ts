/** Reads files of a node, whether it runs, is frozen or is down. */
import type Dockerode from 'dockerode'
import { PassThrough } from 'node:stream'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { extract } from 'tar-stream'
import { z } from 'zod'
import { LossproofError } from '../../model/errors.ts'
import { isZero } from './zeros.ts'
import { withHelper } from '../nodes/helper.ts'
import type { HelperOptions } from '../nodes/helper.ts'

/** Where the engine keeps a container's writable layer, when it is a folder of the host. */
const Layered = z.object({ GraphDriver: z.object({ Data: z.object({ UpperDir: z.string().min(1) }) }) })
/** A larger file is an error. */
const largestKiB = 131_072
/**
 * So many zeros in a row are the unwritten end of a file. No test message contains as many, and neither does the gap
 * that a power loss leaves between two pages that reached the disk.
 */
const silentBytes = 262_144

/** File contents by path below the requested folder. */
export type Files = Map<string, Buffer>

/**
 * Reads with a command in the container: each `*.log` that lies directly in one of `folders` below `root`, and each
 * `*-checkpoint` there or directly in `root`. Files may change meanwhile; missing ones are left out. `last` is a file
 * in `root` that always exists and is read last. Throws LossproofError('cluster') without it, because then the answer
 * is incomplete.
 */
export async function readByCommand(
  container: Dockerode.Container,
  root: string,
  folders: readonly string[],
  last: string,
): Promise<Files> {
  // A file that vanishes meanwhile makes tar exit with an error, which is ignored.
  const script = `
    cd '${root}' && {
      find "$@" -maxdepth 1 -type f \\( -name '*.log' -size -${largestKiB}k -o -name '*-checkpoint' \\)
      find . -maxdepth 1 -type f -name '*-checkpoint'
      echo ./${last}
    } 2> /dev/null | tar cf - -T -
  `
  const { out, errorOutput } = await run(container, ['sh', '-c', script, 'sh', ...folders])
  const files = await unpack(out)
  if (!files.has(last))
    throw new LossproofError(
      'cluster',
      `the files below ${root} could not be read: ${errorOutput() || 'the command printed nothing'}`,
    )
  return files
}

/** Starts a command; resolves with its standard output as a stream, and its standard error so far. */
async function run(
  container: Dockerode.Container,
  command: string[],
): Promise<{ out: PassThrough; errorOutput: () => string }> {
  const exec = await container.exec({ Cmd: command, AttachStdout: true, AttachStderr: true })
  const stream = await exec.start({})
  const out = new PassThrough()
  let text = ''
  const errors = new PassThrough().on('data', (data: Buffer) => (text += data.toString('utf8')))
  container.modem.demuxStream(stream, out, errors)
  stream
    .on('end', () => out.end())
    .on('close', () => out.end())
    .on('error', error => out.destroy(error))
  return { out, errorOutput: () => text.trim() }
}

/**
 * Reads one file through the engine, in any state of the container; undefined when it does not exist. Throws
 * LossproofError('cluster') when it is too large.
 */
export async function readFromEngine(container: Dockerode.Container, path: string): Promise<Buffer | undefined> {
  const archive = await archiveOf(container, path)
  return archive && [...(await unpack(archive)).values()][0]
}

/** A preallocated file: its bytes at least up to the last one that is not zero, and its size. */
export interface Written {
  bytes: Buffer
  size: number
}

/**
 * Like `readFromEngine`, for a preallocated file. What the engine reads from a running container includes the page
 * cache.
 */
export async function readWritten(container: Dockerode.Container, path: string): Promise<Written | undefined> {
  const archive = await archiveOf(container, path)
  if (!archive) return undefined
  const entries = archive.pipe(extract())
  // Reading usually stops in the middle of the archive, which is no error.
  archive.on('error', () => entries.destroy())
  entries.on('error', () => {})
  try {
    for await (const entry of entries) {
      if (entry.header.type !== 'file') continue
      const bytes = await writtenPart(entry)
      if (!bytes)
        throw new LossproofError(
          'cluster',
          `${path} has more than ${largestKiB} KiB of data, the largest size that is read`,
        )
      return { bytes, size: entry.header.size ?? 0 }
    }
    return undefined
  } finally {
    archive.destroy()
    entries.destroy()
  }
}

/**
 * Prints for each file a line with its path, its size and the number of bytes that follow, then these bytes; after all
 * files `end`.
 */
const printWritten = `
my $left = ${largestKiB} * 1024;
for my $path (map { glob } @ARGV) {
  open(my $file, '<:raw', $path) or next;
  my $all = '';
  while (read($file, my $piece, ${silentBytes})) {
    last if $piece !~ /[^\\0]/;
    $all .= $piece;
    die "the files hold more than ${largestKiB} KiB of data\\n" if ($left -= length $piece) < 0;
  }
  printf "%s %d %d\\n%s", $path, -s $file, length $all, $all;
}
print "end\\n";
`

/**
 * Reads preallocated files below `root` with a command, in a container that has Perl. `paths` may be patterns. The
 * result has the files by path; missing ones are left out. Unlike a read through the engine, it mounts nothing, not
 * even for a moment. Throws LossproofError('cluster') when the command fails or the files together are too large.
 */
export async function readWrittenByCommand(
  container: Dockerode.Container,
  root: string,
  paths: readonly string[],
): Promise<Map<string, Written>> {
  const { out, errorOutput } = await run(container, [
    'sh',
    '-c',
    `cd '${root}' && exec perl -e '${printWritten.replaceAll("'", `'"'"'`)}' "$@"`,
    'sh',
    ...paths,
  ])
  const answer = await buffer(out)
  const files = new Map<string, Written>()
  for (let at = 0; at < answer.length;) {
    const line = answer.toString('utf8', at, answer.indexOf(10, at))
    if (line === 'end') return files
    const [path = '', size, length] = line.split(' ')
    at += line.length + 1
    files.set(path, { bytes: answer.subarray(at, at + Number(length)), size: Number(size) })
    at += Number(length)
  }
  throw new LossproofError(
    'cluster',
    `the files below ${root} could not be read: ${errorOutput() || 'the command printed nothing'}`,
  )
}

/** Undefined: the data are too large. */
async function writtenPart(entry: AsyncIterable<unknown>): Promise<Buffer | undefined> {
  const pieces: Buffer[] = []
  let [silent, length] = [0, 0]
  for await (const piece of entry) {
    const bytes = piece as Buffer
    pieces.push(bytes)
    // A piece of the archive is smaller than `silentBytes`, so whole pieces are counted.
    silent = isZero(bytes) ? silent + bytes.length : 0
    if (silent >= silentBytes) break
    length += bytes.length
    if (length > largestKiB * 1024) return undefined
  }
  return Buffer.concat(pieces)
}

/**
 * Like `readByCommand`, for a container that is down and whose files lie in its writable layer: a helper mounts the
 * layer and reads them. Undefined when the engine does not report where the layer is.
 */
export async function readLayer(
  docker: Dockerode,
  options: Pick<HelperOptions, 'image' | 'labels'>,
  container: Dockerode.Container,
  root: string,
  folders: readonly string[],
  last: string,
): Promise<Files | undefined> {
  const layered = Layered.safeParse(await container.inspect())
  if (!layered.success) return undefined
  const layer = layered.data.GraphDriver.Data.UpperDir
  return withHelper(
    docker,
    { ...options, capabilities: ['DAC_OVERRIDE'], binds: [`${layer}:/layer:ro`] },
    async helper => readByCommand(helper, `/layer${root}`, folders, last),
  )
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
    if ((entry.header.size ?? 0) > largestKiB * 1024)
      throw new LossproofError(
        'cluster',
        `${entry.header.name} has ${entry.header.size} bytes, more than the ${largestKiB} KiB that are read`,
      )
    const pieces: Buffer[] = []
    for await (const piece of entry) pieces.push(piece as Buffer)
    if (entry.header.type === 'file') files.set(entry.header.name.replace(/^\.\//, ''), Buffer.concat(pieces))
  }
  return files
}
