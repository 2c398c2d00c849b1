import { byName, forEach, seenByName } from '../contract/by-name.ts'
import type { Fault } from '../contract/fault.ts'
import { reachesMessages } from '../contract/node.ts'
import { brokerRoles } from '../contract/roles.ts'

const failed = /Input\/output error/
/**
 * FS_IOC_SHUTDOWN with NOLOGFLUSH: from now on the file system answers EIO and writes nothing back. The probe comes from
 * the same command: when the broker halts, its file system is unmounted, and a later probe would meet a sound one.
 */
const shutDown = 'sysopen(F, "/disk", 0) or die $!; my $how = pack("L", 2); ioctl(F, 0x8004587d, $how) or die $!'
const breakDisk = `perl -e '${shutDown}'; touch /disk/probe 2>&1 || true`

/** The file system under the data fails every access, while the broker's process runs on. */
export const diskError: Fault = {
  id: 'disk-error',
  kind: 'disk',
  effects: ['refuses-writes'],
  title: 'Let the data disks of nodes fail every access with an I/O error',
  models:
    'A disk, disk controller or network volume that breaks under a running broker. Writes and syncs fail with EIO, ' +
    'and data that was not yet written back is gone. The heal restarts the broker on the repaired disk.',
  cannotModel:
    'Errors of single sectors, or of reads alone. Data in the page cache can still be read. Metadata on another disk is not affected.',
  needs: ['docker', 'loop-devices'],
  targets: brokerRoles,
  params: {},
  async inject(context, { nodes }) {
    const before = await byName(nodes, async node => context.state(node))
    const files = await byName(nodes, async node => context.dataFiles(node))
    /** Nodes that have not been restarted since. */
    const broken = new Set(nodes.map(({ name }) => name))
    const printed = await byName(nodes, async node => context.onDisk(node, breakDisk))
    return {
      async evidence() {
        const after = await byName(nodes, async node => context.state(node))
        const seen = seenByName(nodes, name => ({
          probe: (printed.get(name) ?? '').trim(),
          wasRunning: before.get(name)?.running,
          stillRunning: after.get(name)?.running,
          dataFiles: files.get(name),
        }))
        // A broker that was down has lost nothing by it: its file system is mounted anew when it starts.
        const hit = Object.values(seen).every(({ probe, wasRunning }) => wasRunning === true && failed.test(probe))
        return { complete: nodes.length > 0 && hit && [...files.values()].every(reachesMessages), seen }
      },
      heal: async () =>
        forEach(nodes, async node => {
          // The broken file system stays mounted as long as the process runs.
          const { running } = await context.state(node)
          if (broken.delete(node.name) && running) await context.end(node, 'SIGKILL')
          await context.start(node)
        }),
    }
  },
}
