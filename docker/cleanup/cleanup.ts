/**
 * Removes what Lossproof created on the engine, recognised by its labels. Used by the harness, the janitor and `clean`.
 */
import type Dockerode from 'dockerode'
import { detachDisks, imagesLabel, thawDisks } from '../disks/disks.ts'
import { engineStatus } from '../engine/errors.ts'
import { isReminder } from './reminders.ts'
import { undoActs } from './undo.ts'
import { ownerIsGone, ownerLabel, runLabel } from '../engine/labels.ts'

export interface Removed {
  containers: number
  networks: number
  volumes: number
  /** Names of containers that are not ours, in which something was undone. */
  healed: readonly string[]
}

interface Labelled {
  labels: Record<string, string>
  remove: () => Promise<unknown>
}

/**
 * Undoes what was done to containers that are not ours, and removes containers, networks and volumes whose labels `chosen`
 * accepts. Something that is already gone is no error. Throws the first other error, after all other removals were tried.
 */
export async function removeLabelled(
  docker: Dockerode,
  chosen: (labels: Record<string, string>) => boolean,
): Promise<Removed> {
  const filters = { label: [runLabel] }
  const { healed, failures } = await undoActs(docker, chosen)
  await thawFrozenDisks(docker, chosen)
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
  // Reminders stay until what they remind of is undone.
  const things = (volumes ?? []).filter(({ Labels: labels }) => !isReminder(labels ?? {}))
  const found = things.map(volume => ({
    name: volume.Name,
    labels: volume.Labels ?? {},
    remove: () => docker.getVolume(volume.Name).remove({ force: true }),
  }))
  // In this order: the disk's volume (which unmounts it), its loop device, the volume that holds the disk's image file.
  const disks = await removeAll(
    found.filter(volume => volume.labels[imagesLabel] === undefined),
    chosen,
  )
  const images = found.filter(volume => volume.labels[imagesLabel] !== undefined)
  for (const { name, labels } of images.filter(volume => chosen(volume.labels))) {
    await detachDisks(docker, labels[imagesLabel] ?? '', name.replace(/-disks$/, ''), labels)
  }
  const removedVolumes = disks + (await removeAll(images, chosen))
  if (failures.length > 0) throw failures[0]
  return { containers: removedContainers, networks: removedNetworks, volumes: removedVolumes, healed }
}

/** Accepts what has all of these labels. */
export const isLabelled = (labels: Record<string, string>) => (found: Record<string, string>) =>
  Object.entries(labels).every(([key, value]) => found[key] === value)

/** Accepts what belongs to one run. */
export const ofRun = (run: string) => (labels: Record<string, string>) => labels[runLabel] === run

/** Accepts what a dead harness of this machine left behind because its janitor or the engine died as well. */
export const ofDeadOwner = (labels: Record<string, string>) =>
  labels[ownerLabel] !== undefined && ownerIsGone(labels[ownerLabel])

/** How many things a clean-up has changed. */
export function total(removed: Removed): number {
  return removed.containers + removed.networks + removed.volumes + removed.healed.length
}

async function removeAll(found: Labelled[], chosen: (labels: Record<string, string>) => boolean): Promise<number> {
  const accepted = found.filter(({ labels }) => chosen(labels))
  const results = await Promise.allSettled(accepted.map(async ({ remove }) => remove()))
  for (const result of results) {
    if (result.status === 'rejected' && !isGone(result.reason)) throw result.reason
  }
  return accepted.length
}

/** A process that waits for a frozen disk cannot be killed, so the removal of its container would never end. */
async function thawFrozenDisks(docker: Dockerode, chosen: (labels: Record<string, string>) => boolean): Promise<void> {
  const { Volumes: volumes } = await docker.listVolumes({ filters: { label: [runLabel] } })
  const mine = (volumes ?? []).filter(volume => chosen(volume.Labels ?? {}))
  for (const images of mine.filter(volume => volume.Labels?.[imagesLabel] !== undefined)) {
    const prefix = images.Name.replace(/-disks$/, '-disk-')
    const disks = mine.filter(volume => volume.Name.startsWith(prefix)).map(volume => volume.Name)
    // A disk that cannot be mounted is not frozen, so this error does not matter.
    await thawDisks(docker, images.Labels?.[imagesLabel] ?? '', disks, images.Labels ?? {}).catch(() => {})
  }
}

/** 404: already removed; 409: another removal of it is in progress. */
function isGone(error: unknown): boolean {
  const status = engineStatus(error)
  return status === 404 || status === 409
}
