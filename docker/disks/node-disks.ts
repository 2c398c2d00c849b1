/** What can be done to the disks of a cluster's nodes, from helpers outside them: power, freeze, throttle, files. */
import type Dockerode from 'dockerode'
import type { PowerLoss } from '../../faults/fault.ts'
import { LossproofError } from '../../model/errors.ts'
import { diskHelper, thawScript } from './disks.ts'
import type { Disks } from './disks.ts'
import { execIn, tryExecIn } from '../engine/exec.ts'
import { runInHelper, withHelper } from '../nodes/helper.ts'
import type { Labels } from '../engine/labels.ts'
import type { NodeNetwork } from '../network/node-network.ts'
import type { Nodes } from '../nodes/nodes.ts'

/**
 * FS_IOC_SHUTDOWN with NOLOGFLUSH on each mount; prints when each was called and when it returned. A rack dies at one instant:
 * the file system is dead as the call begins, but the call returns when the journal's superblock is written, and on a busy
 * disk the next would come too late. So each has a process, and they begin together, when the last end of a pipe is closed.
 */
const shutDown = `
my @f = map { sysopen(my $f, $_, 0) or die "$_: $!"; $f } @ARGV;
pipe(my $r, my $w) or die $!;
for my $f (@f) {
  next if fork;
  close $w;
  sysread($r, my $none, 1);
  my ($a, $at) = (pack("L", 2), time);
  ioctl($f, 0x8004587d, $a) or die $!;
  syswrite(STDOUT, sprintf("%.6f %.6f\\n", $at, time));
  exit 0;
}
close $w;
my $failed = 0;
while (wait > 0) { $failed ||= $? }
exit($failed ? 1 : 0);
`
/** FIFREEZE; of a disk that is frozen already the kernel says EBUSY. */
const freezeScript = `perl -e 'sysopen(F, "/disk", 0) or die $!; ioctl(F, 0xC0045877, 0) or die $!'`
const isFrozenScript = `perl -e 'sysopen(F, "/disk", 0) or die $!; if (ioctl(F, 0xC0045877, 0)) { ioctl(F, 0xC0045878, 0); print "awake" } else { print $!{EBUSY} ? "frozen" : "unknown: $!" }'`

export interface NodeDisksOptions {
  docker: Dockerode
  helperImage: string
  labels: Labels
  nodes: Nodes
  network: NodeNetwork
  /** Undefined: the nodes were started without disks of their own. */
  disks: Disks | undefined
  /** Where a node's disk is mounted in its own container. */
  mountedAt: string
}

export class NodeDisks {
  readonly #options: NodeDisksOptions

  constructor(options: NodeDisksOptions) {
    this.#options = options
  }

  /**
   * Shuts all nodes' file systems down within milliseconds, nothing flushed, and kills the nodes; no packet tells of it.
   * `beforeDark`: while the nodes are frozen, with a helper that has each node's disk at the folder that the map tells.
   */
  async losePower(
    ids: readonly number[],
    beforeDark: (helper: Dockerode.Container, disks: ReadonlyMap<number, string>) => Promise<void> = async () => {},
  ): Promise<PowerLoss> {
    const { docker, nodes, network } = this.#options
    const targets = ids.map(id => nodes.find(id))
    const options = this.#helper(targets.map(({ name }) => ({ node: name, at: `/${name}` })))
    // The journal is replayed when the last user, this helper, is gone and the file system is mounted anew.
    return withHelper(docker, options, async helper => {
      // A host without power sends no FIN: its peers find out by themselves.
      const dark = await network.isolate(ids)
      // Frozen first, so that nothing is written between the disk's death and the processes' own.
      await Promise.all(ids.map(async id => nodes.pause(id)))
      await beforeDark(helper, new Map(targets.map(({ id, name }) => [id, `/${name}`])))
      const output = await execIn(helper, [
        'nice',
        '-n',
        '-20',
        'perl',
        '-MTime::HiRes=time',
        '-e',
        shutDown,
        ...targets.map(({ name }) => `/${name}`),
      ])
      const times = output
        .trim()
        .split('\n')
        .map(line => line.split(' ').map(Number))
      const called = times.map(([at]) => at ?? NaN)
      if (called.length !== targets.length)
        throw new LossproofError(
          'cluster',
          `${called.length} of ${targets.length} file systems were shut down: ${output}`,
        )
      const dropped = await Promise.all(targets.map(async node => (await dark.seen(node)).packets))
      const ended = await Promise.all(targets.map(async ({ id }) => nodes.end(id, 'SIGKILL')))
      const reads = await Promise.all(targets.map(async ({ name }) => tryExecIn(helper, ['touch', `/${name}/probe`])))
      return {
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

  /** Runs a shell command with the node's disk at /disk; resolves with what it printed. */
  async on(id: number, script: string): Promise<string> {
    return runInHelper(
      this.#options.docker,
      this.#helper([{ node: this.#options.nodes.find(id).name, at: '/disk' }]),
      script,
    )
  }

  /** Every write waits from now on. The kernel syncs what was written before. */
  async freeze(id: number): Promise<void> {
    await this.on(id, freezeScript)
  }

  /** `frozen` or `awake`, by the kernel's word. */
  async frozen(id: number): Promise<string> {
    return this.on(id, isFrozenScript)
  }

  /** No error when it is not frozen. */
  async thaw(id: number): Promise<void> {
    await this.on(id, thawScript(['/disk']))
  }

  /** Lets the node's processes write to their disk at most so often a second; buffered writes do not wait, fsync does. 0: no limit. */
  async throttle(id: number, writesPerSec: number): Promise<void> {
    const { docker, helperImage, labels, nodes } = this.#options
    const { container, name } = nodes.find(id)
    const device = this.#disks().deviceOf(name)
    // Control groups belong to root: as root no capability is needed.
    const options = { image: helperImage, labels, capabilities: [], binds: ['/sys/fs/cgroup:/cgroup:rw'] }
    await runInHelper(docker, options, throttleScript(container.id, device, writesPerSec))
  }

  /** How long `times` synced writes of a process of the node's own take, ms. */
  async fsyncMs(id: number, times: number): Promise<number> {
    const { mountedAt, nodes } = this.#options
    const path = `${mountedAt}/.fsync-probe`
    const script = `s=$(date +%s%N); i=0; while [ $i -lt ${times} ]; do dd if=/dev/zero of=${path} bs=4k count=1 conv=fsync,notrunc 2>/dev/null; i=$((i + 1)); done; e=$(date +%s%N); rm -f ${path}; echo $(((e - s) / 1000000))`
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
    if (!disks) throw new LossproofError('internal', 'this cluster was started without disks of its own')
    return disks
  }
}

/** The container's control group, wherever its engine's driver put it, of either version. */
export function throttleScript(container: string, device: string, writesPerSec: number): string {
  return `
set -eu
found=
for group in $(find /cgroup -type d -name '*${container}*' 2>/dev/null); do
  if [ -e "$group/blkio.throttle.write_iops_device" ]; then echo '${device} ${writesPerSec}' > "$group/blkio.throttle.write_iops_device"; found=1; fi
  if [ -e "$group/io.max" ]; then echo '${device} wiops=${writesPerSec === 0 ? 'max' : writesPerSec}' > "$group/io.max"; found=1; fi
done
[ -n "$found" ] || { echo 'no control group of the container limits its writes' >&2; exit 1; }
`
}
