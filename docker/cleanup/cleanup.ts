/** Removes what carries our labels: containers first, then networks and volumes. Used by the harness, the janitor and `clean`. */
import type Dockerode from 'dockerode'
import { detachDisks, imagesLabel, thawDisks } from '../disks/disks.ts'
import { engineStatus } from '../engine/errors.ts'
import { ownerIsGone, ownerLabel, runLabel } from '../engine/labels.ts'

export interface Removed {
  containers: number
  networks: number
  volumes: number
}

interface Found {
  labels: Record<string, string>
  remove: () => Promise<unknown>
}

/** Removes everything of the runs that `chosen` picks by their labels. Missing things are no error; others are thrown at the end. */
export async function removeLabelled(
  docker: Dockerode,
  chosen: (labels: Record<string, string>) => boolean,
): Promise<Removed> {
  const filters = { label: [runLabel] }
  await thaw(docker, chosen)
  const containers = await docker.listContainers({ all: true, filters })
  const removedContainers = await removeAll(
    containers.map(found => ({
      labels: found.Labels,
      remove: () => docker.getContainer(found.Id).remove({ force: true, v: true }),
    })),
    chosen,
  )
  const networks = await docker.listNetworks({ filters })
  const removedNetworks = await removeAll(
    networks.map(found => ({ labels: found.Labels ?? {}, remove: () => docker.getNetwork(found.Id).remove() })),
    chosen,
  )
  const { Volumes: volumes } = await docker.listVolumes({ filters })
  const found = (volumes ?? []).map(volume => ({
    name: volume.Name,
    labels: volume.Labels ?? {},
    remove: () => docker.getVolume(volume.Name).remove({ force: true }),
  }))
  // A disk's volume first, which unmounts it; then its loop device; then the volume with the image behind that.
  const disks = await removeAll(
    found.filter(volume => volume.labels[imagesLabel] === undefined),
    chosen,
  )
  const images = found.filter(volume => volume.labels[imagesLabel] !== undefined)
  for (const { name, labels } of images.filter(volume => chosen(volume.labels))) {
    await detachDisks(docker, labels[imagesLabel] ?? '', name.replace(/-disks$/, ''), labels)
  }
  const removedVolumes = disks + (await removeAll(images, chosen))
  return { containers: removedContainers, networks: removedNetworks, volumes: removedVolumes }
}

export const ofRun = (run: string) => (labels: Record<string, string>) => labels[runLabel] === run

/** What an earlier harness on this machine left behind when it died together with its janitor or engine. */
export const ofDeadOwner = (labels: Record<string, string>) =>
  labels[ownerLabel] !== undefined && ownerIsGone(labels[ownerLabel])

export function total(removed: Removed): number {
  return removed.containers + removed.networks + removed.volumes
}

async function removeAll(found: Found[], chosen: (labels: Record<string, string>) => boolean): Promise<number> {
  const mine = found.filter(thing => chosen(thing.labels))
  const results = await Promise.allSettled(mine.map(async thing => thing.remove()))
  for (const result of results) {
    if (result.status === 'rejected' && !isGone(result.reason)) throw result.reason
  }
  return mine.length
}

/** A disk that is still frozen holds its container's processes, whose removal would wait for ever. */
async function thaw(docker: Dockerode, chosen: (labels: Record<string, string>) => boolean): Promise<void> {
  const { Volumes: volumes } = await docker.listVolumes({ filters: { label: [runLabel] } })
  const mine = (volumes ?? []).filter(volume => chosen(volume.Labels ?? {}))
  for (const images of mine.filter(volume => volume.Labels?.[imagesLabel] !== undefined)) {
    const prefix = images.Name.replace(/-disks$/, '-disk-')
    const disks = mine.filter(volume => volume.Name.startsWith(prefix)).map(volume => volume.Name)
    // What cannot be mounted any more is not frozen.
    await thawDisks(docker, images.Labels?.[imagesLabel] ?? '', disks, images.Labels ?? {}).catch(() => {})
  }
}

/** 404: somebody else removed it; 409: its removal is under way. */
function isGone(error: unknown): boolean {
  const status = engineStatus(error)
  return status === 404 || status === 409
}
