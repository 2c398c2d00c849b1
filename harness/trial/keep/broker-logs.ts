/** Saves the nodes' log output in the trial's folder; `pruneLogs` later removes that of trials that held. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { NodeBootError } from '../../../docker/nodes/boot.ts'
import { messageOf } from '../../../model/errors.ts'
import type { Cluster } from '../../../systems/shared/live-system.ts'

/** Saves the log of a node that did not start; its container is gone. */
export async function saveBootLog({ node, log }: NodeBootError, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, `${node}.log`), log)
}

/** `since`: when the trial began, ms of the epoch. Earlier lines belong to other trials on the same cluster. */
export async function saveLogs(cluster: Cluster, since: number, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const saved = cluster.nodes.all.map(async ({ id, name }) => {
    const text = await cluster.nodes
      .logs(id, since)
      .catch((error: unknown) => `The log could not be read: ${messageOf(error)}\n`)
    await writeFile(join(folder, `${name}.log`), text)
  })
  await Promise.all(saved)
}
