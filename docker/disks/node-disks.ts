/** Acts on the disks of a cluster's nodes from helper containers: power loss, freeze, throttle, shell commands. */
import type Dockerode from 'dockerode'
import type { PowerLoss } from '../../faults/fault.ts'
import { LossproofError } from '../../model/errors.ts'
import { diskHelper, thawScript } from './disks.ts'
import type { Disks, ForeignDisks } from './disks.ts'
import { openFiles, openFilesBelow } from './open-files.ts'
import type { OpenFiles } from './open-files.ts'
import { execIn, execUntilReady, tryExecIn } from '../engine/exec.ts'
import { runInHelper, withHelper } from '../nodes/helper.ts'
import type { Labels } from '../engine/labels.ts'
import type { NodeNetwork } from '../network/node-network.ts'
import type { Nodes } from '../nodes/nodes.ts'

/**
 * FS_IOC_SHUTDOWN with NOLOGFLUSH on each mount. Prints when each call began and when it returned. A file system is
 * dead when the call begins, but the call returns only after the journal's superblock was written. On a busy disk a
 * second call would come too late for a rack that dies at one instant. So each mount has its own process, and each of
 * them reads one byte from a pipe. They get those bytes together, once this program has read a line from its standard
 * input; when that ends without one, nothing is shut down.
 */
const shutDown = `
my @f = map { sysopen(my $f, $_, 0) or die "$_: $!"; $f } @ARGV;
pipe(my $r, my $w) or die $!;
for my $f (@f) {
  next if fork;
  close $w;
  sysread($r, my $byte, 1) or exit 0;
  my ($a, $at) = (pack("L", 2), time);
  ioctl($f, 0x8004587d, $a) or die $!;
  syswrite(STDOUT, sprintf("%.6f %.6f\\n", $at, time));
  exit 0;
}
syswrite(STDOUT, "ready\n");
sysread(STDIN, my $line, 1) or exit 1;
syswrite($w, "." x @f);
my $failed = 0;
while (wait > 0) { $failed ||= $? }
exit($failed ? 1 : 0);
`
/** FIFREEZE. EBUSY, the answer of a disk that is frozen already, is no error. */
const freezeScript = `perl -e 'sysopen(F, "/disk", 0) or die $!; ioctl(F, 0xC0045877, 0) or $!{EBUSY} or die $!'`
/** Tries to freeze the disk: EBUSY means that it is frozen. When the attempt succeeds, the disk is thawed again. */
const isFrozenScript = `perl -e '
  sysopen(F, "/disk", 0) or die $!;
  if (ioctl(F, 0xC0045877, 0)) { ioctl(F, 0xC0045878, 0); print "awake" }
  else { print $!{EBUSY} ? "frozen" : "unknown: $!" }
'`

export interface NodeDisksOptions {
  docker: Dockerode
  helperImage: string
  labels: Labels
  nodes: Nodes
  network: NodeNetwork
  /** Undefined: the nodes have no disks of their own. */
  disks: Disks | undefined
  /** Where a node's own container mounts its disk. */
  mountedAt: string | ForeignDisks
}

export class NodeDisks {
  readonly #options: NodeDisksOptions

  constructor(options: NodeDisksOptions) {
    this.#options = options
  }

  /**
   * Shuts down the file systems of all nodes within milliseconds, without any flush, and kills the nodes. Before they are
   * killed, all their packets are dropped, so peers notice nothing. `whileFrozen` runs while the nodes are frozen and
   * before the disks die; its map tells where the helper has mounted each node's disk.
   *
   * Everything that takes its time is done before the nodes are frozen or after the disks are dead. The kernel writes pages
   * back from time to time, and after that a frozen node has nothing left to lose.
   */
  async losePower(
    ids: readonly number[],
    whileFrozen: (helper: Dockerode.Container, disks: ReadonlyMap<number, string>) => Promise<void> = async () => {},
  ): Promise<PowerLoss> {
    const { docker, nodes, network } = this.#options
    const targets = ids.map(id => nodes.find(id))
    const options = this.#helper(targets.map(({ name }) => ({ node: name, at: `/${name}` })))
    // The helper is the last user of the file system. Once it is gone, the next mount replays the journal.
    return withHelper(docker, options, async helper => {
      const mounts = targets.map(({ name }) => `/${name}`)
      const perl = ['nice', '-n', '-20', 'perl', '-MTime::HiRes=time', '-e', shutDown]
      const switchOff = await execUntilReady(helper, [...perl, ...mounts], 'ready\n')
      // Frozen first, so that no process sends, answers or writes between the death of its disk and its own.
      const began = performance.now()
      await Promise.all(ids.map(async id => nodes.pause(id)))
      const frozenAt = performance.now()
      await whileFrozen(helper, new Map(targets.map(({ id, name }) => [id, `/${name}`])))
      const frozenMs = Math.round(performance.now() - frozenAt)
      const output = await switchOff.end('now\n')
      const times = output
        .trim()
        .split('\n')
        .map(line => line.split(' ').map(Number))
      const called = times.map(([at]) => at ?? NaN)
      if (called.length !== targets.length)
        throw new LossproofError(
          'cluster',
          `${called.length} of ${targets.length} file systems were shut down; the helper printed: ${output}`,
        )
      nodes.lostPower(ids)
      // A host that loses power sends no FIN.
      const dropping = await network.isolateUntilBoot(ids)
      const ended = await Promise.all(targets.map(async ({ id }) => nodes.end(id, 'SIGKILL')))
      const dropped = await Promise.all(targets.map(async node => (await dropping.seen(node)).packets))
      const reads = await Promise.all(targets.map(async ({ name }) => tryExecIn(helper, ['touch', `/${name}/probe`])))
      return {
        frozenWithinMs: Math.round(frozenAt - began),
        frozenMs,
        spreadMs: Math.round((Math.max(...called) - Math.min(...called)) * 1000),
        returnedMs: Math.round((Math.max(...times.flat()) - Math.min(...called)) * 1000),
        nodes: Object.fromEntries(
          targets.map(({ name }, at) => [
            name,
            {
              exitCode: ended[at]?.exitCode ?? -1,
              engineEvent: ended[at]?.engineEvent,
              read: reads[at]?.stderr.trim() ?? '',
              droppedPackets: dropped[at] ?? 0,
            },
          ]),
        ),
      }
    })
  }

  /** The files that the node has open for writing. The node must run. */
  async openFiles(id: number): Promise<OpenFiles> {
    const { nodes, mountedAt } = this.#options
    const { container, name } = nodes.find(id)
    return typeof mountedAt === 'string'
      ? openFiles(container, mountedAt)
      : openFilesBelow(container, mountedAt.mountOf(name))
  }

  /** Runs a shell command in a helper that has the node's disk at /disk; resolves with its output. */
  async on(id: number, script: string): Promise<string> {
    return runInHelper(
      this.#options.docker,
      this.#helper([{ node: this.#options.nodes.find(id).name, at: '/disk' }]),
      script,
    )
  }

  /** From now on every write waits. The kernel first syncs earlier writes. */
  async freeze(id: number): Promise<void> {
    await this.on(id, freezeScript)
  }

  /** What the kernel answers: `frozen` or `awake`. */
  async frozen(id: number): Promise<string> {
    return this.on(id, isFrozenScript)
  }

  /** No error when it is not frozen. */
  async thaw(id: number): Promise<void> {
    await this.on(id, thawScript(['/disk']))
  }

  /**
   * Limits how many writes a second the node's processes get through to their disk. Delays fsync, not buffered writes.
   * 0: no limit.
   */
  async throttle(id: number, writesPerSec: number): Promise<void> {
    const { docker, helperImage, labels, nodes } = this.#options
    const { container, name } = nodes.find(id)
    const device = this.#disks().deviceOf(name)
    // The files of control groups belong to root, so root needs no capability.
    const options = { image: helperImage, labels, capabilities: [], binds: ['/sys/fs/cgroup:/cgroup:rw'] }
    await runInHelper(docker, options, throttleScript(container.id, device, writesPerSec))
  }

  /** How long `times` synced writes in the node's own container take, ms. */
  async fsyncMs(id: number, times: number): Promise<number> {
    const { mountedAt, nodes } = this.#options
    const mount = typeof mountedAt === 'string' ? mountedAt : mountedAt.mountOf(nodes.find(id).name)
    const path = `${mount}/.fsync-probe`
    const script = `
      start=$(date +%s%N)
      for i in $(seq ${times}); do dd if=/dev/zero of=${path} bs=4k count=1 conv=fsync,notrunc 2> /dev/null; done
      end=$(date +%s%N)
      rm -f ${path}
      echo $(((end - start) / 1000000))
    `
    return Number(await execIn(nodes.find(id).container, ['sh', '-c', script]))
  }

  #helper(mounts: { node: string; at: string }[]) {
    const { helperImage, labels } = this.#options
    const own = this.#disks()
    return diskHelper(
      helperImage,
      labels,
      mounts.map(({ node, at }) => `${own.volumeOf(node)}:${at}`),
    )
  }

  #disks(): Disks {
    const { disks } = this.#options
    if (!disks) throw new LossproofError('internal', 'this cluster was started without data disks')
    return disks
  }
}

/** Finds the container's control group, of version 1 or 2, and sets its limit of writes to `device`. */
export function throttleScript(container: string, device: string, writesPerSec: number): string {
  return `
set -eu
found=
for group in $(find /cgroup -type d -name '*${container}*' 2>/dev/null); do
  version1=$group/blkio.throttle.write_iops_device
  version2=$group/io.max
  if [ -e "$version1" ]; then echo '${device} ${writesPerSec}' > "$version1"; found=1; fi
  if [ -e "$version2" ]; then echo '${device} wiops=${writesPerSec === 0 ? 'max' : writesPerSec}' > "$version2"; found=1; fi
done
[ -n "$found" ] || { echo 'no control group of the container limits its writes' >&2; exit 1; }
`
}
