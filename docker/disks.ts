/**
 * A disk of its own for each broker: an ext4 file system in a loop-backed image, mounted by the engine as a volume, so
 * that the broker stays unprivileged and the file system can lose power. Everything privileged happens in a short-lived
 * helper container with narrow capabilities; the images lie in a volume of the run's, so nothing is left on the host.
 */
import type Dockerode from 'dockerode'
import { LossproofError } from '../harness/errors.ts'
import { execIn } from './exec.ts'
import type { Labels } from './labels.ts'

/** Marks the volume that holds a trial's disk images: before it goes, its loop devices have to. */
export const imagesLabel = 'lossproof.disk-images'
const sizeMiB = 512
/** Far from the numbers that others take first. */
const firstLoop = 64
const lastLoop = 255

export interface Disks {
  /** Name of the volume that is the broker's disk. */
  volumeOf(node: string): string
}

/** What a helper that handles loop devices may do: mount-like ioctls, and device nodes of loop devices alone. */
export function helperOptions(labels: Labels, binds: string[]): Dockerode.ContainerCreateOptions {
  return {
    Labels: labels,
    Entrypoint: ['sleep'],
    Cmd: ['600'],
    HostConfig: {
      Binds: binds,
      CapDrop: ['ALL'],
      CapAdd: ['SYS_ADMIN', 'MKNOD', 'DAC_OVERRIDE'],
      SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined'],
      DeviceCgroupRules: ['b 7:* rwm', 'c 10:237 rwm'],
      NetworkMode: 'none',
      Init: true,
    },
  }
}

/** Makes a formatted disk for each node, side by side. `name` is unique on the engine. */
export async function createDisks(docker: Dockerode, options: { helperImage: string; name: string; labels: Labels; nodes: string[] }): Promise<Disks> {
  const { name, labels, nodes, helperImage } = options
  const images = `${name}-disks`
  await docker.createVolume({ Name: images, Labels: { ...labels, [imagesLabel]: helperImage } })
  const helper = await docker.createContainer({ Image: helperImage, ...helperOptions(labels, [`${images}:/images`, '/dev:/dev']) })
  try {
    await helper.start()
    const output = await execIn(helper, ['sh', '-c', makeScript, 'make', name, ...nodes])
    const devices = new Map(output.trim().split('\n').map(line => line.split(' ')).map(([node = '', device = '']) => [node, device]))
    for (const node of nodes) {
      const device = devices.get(node)
      if (device === undefined || !/^\/dev\/loop\d+$/.test(device)) throw new LossproofError('cluster', `no disk could be made for ${node}: ${output.trim()}`)
      await docker.createVolume({ Name: `${name}-disk-${node}`, Labels: labels, Driver: 'local', DriverOpts: { type: 'ext4', device } })
    }
  } finally {
    await helper.remove({ force: true })
  }
  return { volumeOf: node => `${name}-disk-${node}` }
}

/** Detaches every loop device whose image file's name begins with `name`, of whatever run is gone. */
export async function detachDisks(docker: Dockerode, helperImage: string, name: string, labels: Labels): Promise<void> {
  const helper = await docker.createContainer({ Image: helperImage, ...helperOptions(labels, ['/dev:/dev']) })
  try {
    await helper.start()
    await execIn(helper, ['sh', '-c', detachScript, 'detach', name])
  } finally {
    await helper.remove({ force: true })
  }
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
      [ -b /dev/loop$n ] || mknod /dev/loop$n b 7 $n
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
