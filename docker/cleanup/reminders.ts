/**
 * Reminders of what has to be undone outside of the engine, or in containers that are not ours. A reminder is an empty volume
 * whose label says what is about to be done. It is made before, and removed when that is undone. When the harness is killed in
 * between, the janitor, `clean` and the next run find it.
 */
import type Dockerode from 'dockerode'
import type { z } from 'zod'
import { LossproofError, messageOf } from '../../model/errors.ts'
import { engineStatus } from '../engine/errors.ts'
import { runLabel } from '../engine/labels.ts'
import type { Labels } from '../engine/labels.ts'

/** On every reminder, whatever its kind. */
const reminderLabel = 'lossproof.reminder'

export const isReminder = (labels: Labels): boolean => labels[reminderLabel] !== undefined

/** A kind of reminder: the label that has it, and what that label says. */
export interface ReminderKind<T> {
  label: string
  schema: z.ZodType<T>
}

export interface Reminder<T> {
  /** Of the volume. */
  name: string
  what: T
}

export interface FoundReminder<T> extends Reminder<T> {
  labels: Labels
}

/** `name`: unique on the engine. `labels`: of the trial. */
export async function remind<T>(
  docker: Dockerode,
  { label }: ReminderKind<T>,
  { name, what }: Reminder<T>,
  labels: Labels,
): Promise<void> {
  await docker.createVolume({ Name: name, Labels: { ...labels, [reminderLabel]: '', [label]: JSON.stringify(what) } })
}

/** Reminders of a kind whose labels `chosen` accepts, and an error for each of them that cannot be read. */
export async function remindersOf<T>(
  docker: Dockerode,
  { label, schema }: ReminderKind<T>,
  chosen: (labels: Labels) => boolean,
): Promise<{ found: FoundReminder<T>[]; failures: LossproofError[] }> {
  const { Volumes: volumes } = await docker.listVolumes({ filters: { label: [runLabel, label] } })
  const found: FoundReminder<T>[] = []
  const failures: LossproofError[] = []
  for (const { Name: name, Labels: labels } of volumes ?? []) {
    if (!chosen(labels ?? {})) continue
    try {
      const { [reminderLabel]: _, [label]: what, ...others } = labels ?? {}
      found.push({ name, what: schema.parse(JSON.parse(what ?? '')), labels: others })
    } catch (error) {
      failures.push(
        new LossproofError('cluster', `the reminder ${name} cannot be read: ${messageOf(error)}`, {
          hint: `see what it says: docker volume inspect ${name}`,
          cause: error,
        }),
      )
    }
  }
  return { found, failures }
}

/** No error when it is gone already. */
export async function forget(docker: Dockerode, name: string): Promise<void> {
  try {
    await docker.getVolume(name).remove()
  } catch (error) {
    if (engineStatus(error) !== 404) throw error
  }
}
