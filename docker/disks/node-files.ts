/** Reads files of a node's disk from outside, whatever state the node is in. */
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
export async function readByCommand(
  container: Dockerode.Container,
  root: string,
  folders: readonly string[],
  last: string,
): Promise<Files> {
  // What goes away in the middle makes tar end with an error, and has no other consequence.
  const script = `cd '${root}' && { find "$@" -maxdepth 1 -type f \\( -name '*.log' -size -${largestKiB}k -o -name '*-checkpoint' \\); find . -maxdepth 1 -type f -name '*-checkpoint'; echo ./${last}; } 2>/dev/null | tar cf - -T -`
  const { out, said } = await run(container, ['sh', '-c', script, 'sh', ...folders])
  const files = await unpack(out)
  if (!files.has(last))
    throw new LossproofError('cluster', `the files below ${root} could not be read: ${said() || 'no answer'}`)
  return files
}

/** What a command prints, and what it says on its other stream. */
async function run(
  container: Dockerode.Container,
  command: string[],
): Promise<{ out: PassThrough; said: () => string }> {
  const exec = await container.exec({ Cmd: command, AttachStdout: true, AttachStderr: true })
  const stream = await exec.start({})
  const out = new PassThrough()
  let said = ''
  const errors = new PassThrough().on('data', (data: Buffer) => (said += data.toString('utf8')))
  container.modem.demuxStream(stream, out, errors)
  stream
    .on('end', () => out.end())
    .on('close', () => out.end())
    .on('error', error => out.destroy(error))
  return { out, said: () => said.trim() }
}

/** One file, of a container in any state; undefined when it is not there. Throws LossproofError('cluster') when it is too large. */
export async function readFromEngine(container: Dockerode.Container, path: string): Promise<Buffer | undefined> {
  const archive = await archiveOf(container, path)
  return archive && [...(await unpack(archive)).values()][0]
}

/** A file that is made in full before it is written: its bytes up to where nothing but zeros come, or further, and its whole size. */
export interface Written {
  bytes: Buffer
  size: number
}

/** As `readFromEngine`, of such a file. Of a running container the engine reads what lies in page caches. */
export async function readWritten(container: Dockerode.Container, path: string): Promise<Written | undefined> {
  const archive = await archiveOf(container, path)
  if (!archive) return undefined
  const entries = archive.pipe(extract())
  // Most of them end in the middle.
  archive.on('error', () => entries.destroy())
  entries.on('error', () => {})
  try {
    for await (const entry of entries) {
      if (entry.header.type !== 'file') continue
      const bytes = await writtenPart(entry)
      if (!bytes) throw new LossproofError('cluster', `${path} has more bytes than are read`)
      return { bytes, size: entry.header.size ?? 0 }
    }
    return undefined
  } finally {
    archive.destroy()
    entries.destroy()
  }
}

/** Prints of each file its name, size and how many bytes follow, a line, and these; then `end`. */
const printWritten = `
my $left = ${largestKiB} * 1024;
for my $path (map { glob } @ARGV) {
  open(my $file, '<:raw', $path) or next;
  my $all = '';
  while (read($file, my $piece, ${silentBytes})) {
    last if $piece !~ /[^\\0]/;
    $all .= $piece;
    die "more than is read\\n" if ($left -= length $piece) < 0;
  }
  printf "%s %d %d\\n%s", $path, -s $file, length $all, $all;
}
print "end\\n";
`

/**
 * Such files below `root`, by their path there, as a command reads them in a container that has Perl; `paths` may be patterns.
 * What is not there is not in the answer. It leaves nothing mounted, as the engine's own reading does for a moment. Throws
 * LossproofError('cluster'), also when all together are too large.
 */
export async function readWrittenByCommand(
  container: Dockerode.Container,
  root: string,
  paths: readonly string[],
): Promise<Map<string, Written>> {
  const { out, said } = await run(container, [
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
  throw new LossproofError('cluster', `the files below ${root} could not be read: ${said() || 'no answer'}`)
}

/** Undefined: it is too large. */
async function writtenPart(entry: AsyncIterable<unknown>): Promise<Buffer | undefined> {
  const pieces: Buffer[] = []
  let [silent, length] = [0, 0]
  for await (const piece of entry) {
    const bytes = piece as Buffer
    pieces.push(bytes)
    // Pieces are smaller than what is looked for.
    silent = isZero(bytes) ? silent + bytes.length : 0
    if (silent >= silentBytes) break
    length += bytes.length
    if (length > largestKiB * 1024) return undefined
  }
  return Buffer.concat(pieces)
}

/**
 * As `readByCommand`, of a container that is down and whose files lie in a writable layer of its own: from a helper that has
 * the layer. Undefined where the engine does not tell where that is.
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
        `${entry.header.name} has ${entry.header.size} bytes, which is more than is read`,
      )
    const pieces: Buffer[] = []
    for await (const piece of entry) pieces.push(piece as Buffer)
    if (entry.header.type === 'file') files.set(entry.header.name.replace(/^\.\//, ''), Buffer.concat(pieces))
  }
  return files
}
