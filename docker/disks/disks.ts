/**
 * A disk of its own for each broker: an ext4 file system in a loop-backed image, mounted by the engine as a volume, so
 * that the broker stays unprivileged and the file system can lose power. Everything privileged happens in a short-lived
 * helper container with narrow capabilities; the images lie in a volume of the run's, so nothing is left on the host.
 */
import type Dockerode from 'dockerode'
import { LossproofError } from '../../model/errors.ts'
import { execIn } from '../engine/exec.ts'
import { runInHelper, withHelper } from '../nodes/helper.ts'
import type { HelperOptions } from '../nodes/helper.ts'
import type { Labels } from '../engine/labels.ts'

/** Marks the volume that holds a trial's disk images: before it goes, its loop devices have to. */
export const imagesLabel = 'lossproof.disk-images'
const sizeMiB = 512
/** Far from the numbers that others take first. */
const firstLoop = 64
const lastLoop = 255
/** Major number of loop devices. */
const loopMajor = 7

export interface Disks {
  /** Name of the volume that is the node's disk. */
  volumeOf(node: string): string
  /** `7:64`, the device behind it. */
  deviceOf(node: string): string
}

/** What a helper that handles disks may do: mount-like ioctls, device nodes of loop devices alone, and to go first on a busy machine. */
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

/** Makes a formatted disk for each node, side by side. `name` is unique on the engine. */
export async function createDisks(
  docker: Dockerode,
  options: { helperImage: string; name: string; labels: Labels; nodes: string[] },
): Promise<Disks> {
  const { name, labels, nodes, helperImage } = options
  const images = `${name}-disks`
  await docker.createVolume({ Name: images, Labels: { ...labels, [imagesLabel]: helperImage } })
  let begun = false
  const made = withHelper(docker, diskHelper(helperImage, labels, [`${images}:/images`, '/dev:/dev']), async helper => {
    // An image without even this starts and is gone at once.
    await execIn(helper, ['true'])
    begun = true
    return execIn(helper, ['sh', '-c', makeScript, 'make', name, ...nodes])
  })
  const output = await made.catch(async (error: unknown) => {
    // A helper that could not even start has attached nothing: then nothing is left that only a helper could remove.
    if (!begun) await docker.getVolume(images).remove({ force: true })
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
      throw new LossproofError('cluster', `no disk could be made for ${node}: ${output.trim()}`)
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

/** Wakes every disk of `volumes` that is frozen: a process that waits for one cannot be killed. */
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

/** FITHAW on each mount; one that is not frozen answers EINVAL, which is well. */
export const thawScript = (mounts: readonly string[]) =>
  `perl -e 'for (@ARGV) { sysopen(F, $_, 0) or die "$_: $!"; ioctl(F, 0xC0045878, 0); close F }' ${mounts.join(' ')}`

/** Detaches every loop device whose image file's name begins with `name`, of whatever run is gone. */
export async function detachDisks(docker: Dockerode, helperImage: string, name: string, labels: Labels): Promise<void> {
  await withHelper(docker, diskHelper(helperImage, labels, ['/dev:/dev']), async helper =>
    execIn(helper, ['sh', '-c', detachScript, 'detach', name]),
  )
}

/**
 * Under a lock on /dev/loop-control, which all helpers of this kernel share: choose devices that have no backing file,
 * attach, and make sure that the backing file is ours.
 */
const makeScript = `
set -eu
name=$1; shift
for node in "$@"; do
  truncate -s ${sizeMiB}M "/images/$name-$node.img"
  mkfs.ext4 -q -F -m 0 -E lazy_itable_init=0,lazy_journal_init=0 "/images/$name-$node.img" &
done
wait
exec 9>/dev/loop-control
flock 9
n=${firstLoop}
for node in "$@"; do
  while [ $n -le ${lastLoop} ]; do
    if [ ! -e /sys/block/loop$n/loop/backing_file ]; then
      [ -b /dev/loop$n ] || mknod /dev/loop$n b ${loopMajor} $n
      if losetup /dev/loop$n "/images/$name-$node.img"; then break; fi
    fi
    n=$((n + 1))
  done
  case $(cat /sys/block/loop$n/loop/backing_file) in *"/$name-$node.img") echo "$node /dev/loop$n" ;; *) echo "loop$n is not ours" >&2; exit 1 ;; esac
  n=$((n + 1))
done
`

const detachScript = `
for backing in /sys/block/loop*/loop/backing_file; do
  [ -e "$backing" ] || continue
  case $(cat "$backing") in
    */"$1"-*.img*) device=/dev/$(echo "$backing" | cut -d/ -f4); losetup -d "$device" ;;
  esac
done
true
`
