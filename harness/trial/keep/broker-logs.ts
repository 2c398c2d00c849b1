/** Keeps the brokers' own logs beside the history; `pruneLogs` drops those of trials that held. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../../../model/errors.ts'
import type { Cluster } from '../../../systems/shared/live-system.ts'

/** `since`: when the trial began, ms of the epoch; the cluster may have served others before. */
export async function saveLogs(cluster: Cluster, since: number, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const saved = cluster.nodes.all.map(async ({ id, name }) => {
    const text = await cluster.nodes.logs(id, since).catch((error: unknown) => `no log: ${messageOf(error)}\n`)
    await writeFile(join(folder, `${name}.log`), text)
  })
  await Promise.all(saved)
}
