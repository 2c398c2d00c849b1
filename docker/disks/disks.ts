/**
 * Gives each broker a disk of its own: an ext4 file system in an image file behind a loop device. The engine mounts it
 * as a volume, so brokers stay unprivileged while the file system can lose power. Privileged work happens in
 * short-lived helper containers with few capabilities. The image files lie in a volume of the run, so nothing stays on
 * the host.
 */
import type Dockerode from 'dockerode'
import { LossproofError } from '../../model/errors.ts'
import { execIn } from '../engine/exec.ts'
import { runInHelper, withHelper } from '../nodes/helper.ts'
import type { HelperOptions } from '../nodes/helper.ts'
import type { Labels } from '../engine/labels.ts'

/** Marks the volume with a trial's disk images. Its loop devices have to be detached before it is removed. */
export const imagesLabel = 'lossproof.disk-images'
const sizeMiB = 512
/** Other programs take loop devices from number 0 upwards; these numbers are usually free. */
const firstLoop = 64
const lastLoop = 255
/** Major number of loop devices. */
const loopMajor = 7

export interface Disks {
  /** The volume that is the node's disk. */
  volumeOf(node: string): string
  /** The block device behind it: `7:64`. */
  deviceOf(node: string): string
}

/** Volumes that are not ours: they can be emptied, and have no device of their own. By the name of the node. */
export function foreignDisks(volumes: ReadonlyMap<string, { volume: string; at: string }>): Disks & ForeignDisks {
  const of = (node: string) => {
    const found = volumes.get(node)
    if (found === undefined)
      throw new LossproofError('cluster', `${node} stores nothing in a volume that may be emptied`)
    return found
  }
  return {
    volumeOf: node => of(node).volume,
    deviceOf: node => {
      throw new LossproofError('internal', `the volume of ${node} has no device of its own`)
    },
    mountOf: node => of(node).at,
  }
}

export interface ForeignDisks {
  /** Where the node's own container mounts the volume. */
  mountOf(node: string): string
}

/**
 * Options of a helper that handles disks: it may issue file system ioctls, use loop devices only, and raise its
 * priority.
 */
export function diskHelper(image: string, labels: Labels, binds: string[]): HelperOptions {
  return {
    image,
    labels,
    binds,
    capabilities: ['SYS_ADMIN', 'MKNOD', 'DAC_OVERRIDE', 'SYS_NICE'],
    devices: ['b 7:* rwm', 'c 10:237 rwm'],
    unconfined: true,
  }
}

/** Creates one formatted disk for each node. `name` is unique on the engine. */
export async function createDisks(
  docker: Dockerode,
  options: { helperImage: string; name: string; labels: Labels; nodes: string[] },
): Promise<Disks> {
  const { name, labels, nodes, helperImage } = options
  const images = `${name}-disks`
  await docker.createVolume({ Name: images, Labels: { ...labels, [imagesLabel]: helperImage } })
  let helperRuns = false
  const made = withHelper(docker, diskHelper(helperImage, labels, [`${images}:/images`, '/dev:/dev']), async helper => {
    // Fails in an image without a shell, whose container ends as soon as it starts.
    await execIn(helper, ['true'])
    helperRuns = true
    return execIn(helper, ['sh', '-c', makeScript, 'make', name, ...nodes])
  })
  const output = await made.catch(async (error: unknown) => {
    // A helper that did not run attached no loop device, so the volume can be removed without one.
    if (!helperRuns) await docker.getVolume(images).remove({ force: true })
    throw error
  })
  const devices = new Map(
    output
      .trim()
      .split('\n')
      .map(line => line.split(' '))
      .map(([node = '', device = '']) => [node, device]),
  )
  const deviceOf = (node: string) => {
    const device = devices.get(node)
    if (device === undefined || !/^\/dev\/loop\d+$/.test(device))
      throw new LossproofError(
        'cluster',
        `no loop device was attached for the disk of ${node}; the helper printed: ${output.trim()}`,
      )
    return device
  }
  for (const node of nodes) {
    await docker.createVolume({
      Name: volumeName(name, node),
      Labels: labels,
      Driver: 'local',
      DriverOpts: { type: 'ext4', device: deviceOf(node) },
    })
  }
  return {
    volumeOf: node => volumeName(name, node),
    deviceOf: node => `${loopMajor}:${deviceOf(node).replace('/dev/loop', '')}`,
  }
}

const volumeName = (name: string, node: string) => `${name}-disk-${node}`

/** Thaws every frozen disk among `volumes`. A process that waits for a frozen disk cannot be killed. */
export async function thawDisks(
  docker: Dockerode,
  helperImage: string,
  volumes: readonly string[],
  labels: Labels,
): Promise<void> {
  if (volumes.length === 0) return
  const mounts = volumes.map((_, at) => `/disk-${at}`)
  await runInHelper(
    docker,
    diskHelper(
      helperImage,
      labels,
      volumes.map((volume, at) => `${volume}:/disk-${at}`),
    ),
    thawScript(mounts),
  )
}

/** FITHAW on each mount. EINVAL, the answer of a disk that is not frozen, is ignored. */
export const thawScript = (mounts: readonly string[]) =>
  `perl -e 'for (@ARGV) { sysopen(F, $_, 0) or die "$_: $!"; ioctl(F, 0xC0045878, 0); close F }' ${mounts.join(' ')}`

/** Detaches every loop device whose image file's name begins with `name`. */
export async function detachDisks(docker: Dockerode, helperImage: string, name: string, labels: Labels): Promise<void> {
  await withHelper(docker, diskHelper(helperImage, labels, ['/dev:/dev']), async helper =>
    execIn(helper, ['sh', '-c', detachScript, 'detach', name]),
  )
}

/**
 * Takes a lock on /dev/loop-control, which all helpers on this kernel share. Then attaches each image to a device
 * without a backing file, and checks that the device's backing file is this image.
 */
const makeScript = `
set -eu
name=$1; shift
for node in "$@"; do
  truncate -s ${sizeMiB}M "/images/$name@$node.img"
  mkfs.ext4 -q -F -m 0 -E lazy_itable_init=0,lazy_journal_init=0 "/images/$name@$node.img" &
done
wait
exec 9>/dev/loop-control
flock 9
n=${firstLoop}
for node in "$@"; do
  while [ $n -le ${lastLoop} ]; do
    if [ ! -e /sys/block/loop$n/loop/backing_file ]; then
      [ -b /dev/loop$n ] || mknod /dev/loop$n b ${loopMajor} $n
      if losetup /dev/loop$n "/images/$name@$node.img"; then break; fi
    fi
    n=$((n + 1))
  done
  case $(cat /sys/block/loop$n/loop/backing_file) in
    *"/$name@$node.img") echo "$node /dev/loop$n" ;;
    *) echo "loop$n has another backing file" >&2; exit 1 ;;
  esac
  n=$((n + 1))
done
`

/** `@` ends the name: that of one trial can be the beginning of another's. Exported for its test. */
export const detachScript = `
for backing in /sys/block/loop*/loop/backing_file; do
  [ -e "$backing" ] || continue
  case $(cat "$backing") in
    */"$1"@*.img*) device=/dev/$(echo "$backing" | cut -d/ -f4); losetup -d "$device" ;;
  esac
done
true
`
