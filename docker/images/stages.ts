/** Finds and removes the images that build stages leave behind. */
import type Dockerode from 'dockerode'
import { engineStatus } from '../engine/errors.ts'

/**
 * Every stage starts from the base image and inherits its label; the last stage of a build sets another one. So an untagged
 * image with this label is a stage of a finished build, or of one that is still running.
 */
const filters = { dangling: ['true'], label: ['lossproof.image=base'] }

export interface StagesRemoved {
  images: number
  bytes: number
}

/**
 * Removes the stages of finished builds. Images that a running build uses stay. Call it while holding the build lock, so that
 * no other build loses its stages.
 */
export async function removeStages(docker: Dockerode): Promise<StagesRemoved> {
  const removed: StagesRemoved = { images: 0, bytes: 0 }
  // The removal of an image can free its parent, which was a stage as well.
  for (
    let found = await docker.listImages({ filters });
    found.length > 0;
    found = await docker.listImages({ filters })
  ) {
    const before = removed.images
    for (const { Id: id, Size: bytes } of found) {
      try {
        await docker.getImage(id).remove()
        removed.images += 1
        removed.bytes += bytes
      } catch (error) {
        // 404: removed with another stage; 409: in use.
        const status = engineStatus(error)
        if (status !== 404 && status !== 409) throw error
      }
    }
    if (removed.images === before) break
  }
  return removed
}
