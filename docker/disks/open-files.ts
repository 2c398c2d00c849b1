/** Which files a node's processes have open for writing, and whether they lie on the node's data disk. */
import type Dockerode from 'dockerode'
import { execIn } from '../engine/exec.ts'

export interface OpenFiles {
  /** Paths of files on the data disk, in the node's own container. */
  onDisk: string[]
  /** Paths of files elsewhere. */
  elsewhere: string[]
}

/**
 * Compares the device of each regular file that any process in the container has open for writing with the device of the
 * mount. The last three bits of a file's flags are octal 0 when it is open for reading only.
 */
const listScript = `
my $disk = (stat shift)[0];
my %seen;
for my $fd (glob "/proc/[0-9]*/fd/*") {
  my ($device) = stat $fd or next;
  next unless -f _;
  (my $info = $fd) =~ s{/fd/}{/fdinfo/};
  open(my $file, "<", $info) or next;
  my ($flags) = join("", <$file>) =~ /^flags:\\s*([0-7]+)/m or next;
  next unless oct($flags) & 3;
  my $path = readlink $fd;
  print $device == $disk ? "disk" : "elsewhere", " $path\\n" unless $seen{$path}++;
}
`

/** `mount`: where the node's container mounts its data disk. The node must run; it may be unable to write. */
export async function openFiles(container: Dockerode.Container, mount: string): Promise<OpenFiles> {
  return parseOpenFiles(await execIn(container, ['perl', '-e', listScript, mount]))
}

/** Paths of the files that any process in the container has open. The image needs a shell and `readlink`. */
const pathsScript = 'for fd in /proc/[0-9]*/fd/*; do readlink "$fd"; done; true'

/** As `openFiles`, for an image that is not ours: by the paths alone. */
export async function openFilesBelow(container: Dockerode.Container, mount: string): Promise<OpenFiles> {
  const paths = [...new Set((await execIn(container, ['sh', '-c', pathsScript])).split('\n'))].toSorted()
  const files = paths.filter(path => path.startsWith('/') && !path.startsWith('/dev/'))
  const isBelow = (path: string) => path.startsWith(`${mount.replace(/\/$/, '')}/`)
  return { onDisk: files.filter(isBelow), elsewhere: files.filter(path => !isBelow(path)) }
}

/** Exported for its test. */
export function parseOpenFiles(output: string): OpenFiles {
  const lines = output.split('\n').filter(line => line !== '')
  const at = (word: string) =>
    lines.filter(line => line.startsWith(`${word} `)).map(line => line.slice(word.length + 1))
  return { onDisk: at('disk').toSorted(), elsewhere: at('elsewhere').toSorted() }
}
