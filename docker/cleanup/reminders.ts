/**
 * Reminders on the engine of what has to be undone outside of it, or in containers that are not ours: empty volumes that say
 * it in a label. One is left before the thing is done and removed when it is undone, so whoever cleans up after a dead harness
 * finds it.
 */
import type Dockerode from 'dockerode'
import { engineStatus } from '../engine/errors.ts'
import { ownerLabel, runLabel, trialLabel } from '../engine/labels.ts'
import type { Labels } from '../engine/labels.ts'

/** On every reminder, whatever its kind. */
const reminderLabel = 'lossproof.reminder'

export const isReminder = (labels: Labels): boolean => labels[reminderLabel] !== undefined

/** The labels of what reminds, for a helper that undoes it. */
export const withoutReminder = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => [runLabel, ownerLabel, trialLabel].includes(name)))

export interface Reminder {
  name: string
  labels: Labels
}

/** `label`: the kind of reminder; `what`: whatever undoing needs. `name`: unique on the engine. */
export async function remind(
  docker: Dockerode,
  name: string,
  labels: Labels,
  label: string,
  what: unknown,
): Promise<Reminder> {
  const all = { ...labels, [reminderLabel]: '', [label]: JSON.stringify(what) }
  await docker.createVolume({ Name: name, Labels: all })
  return { name, labels: all }
}

/** Reminders of a kind whose labels `chosen` accepts. */
export async function remindersOf(
  docker: Dockerode,
  label: string,
  chosen: (labels: Labels) => boolean,
): Promise<Reminder[]> {
  const { Volumes: volumes } = await docker.listVolumes({ filters: { label: [runLabel, label] } })
  return (volumes ?? [])
    .map(({ Name: name, Labels: labels }) => ({ name, labels: labels ?? {} }))
    .filter(({ labels }) => chosen(labels))
}

/** No error when it is gone already. */
export async function forget(docker: Dockerode, name: string): Promise<void> {
  try {
    await docker.getVolume(name).remove()
  } catch (error) {
    if (engineStatus(error) !== 404) throw error
  }
}
