/** A probe: a fault schedule with its question, as scenarios/audit/<system>/*.yaml describe it. */
import { parseDocument } from 'yaml'
import { z } from 'zod'
import { LossproofError } from '../../../model/errors.ts'
import { Settings, SettingValue } from '../../../model/settings.ts'

const plain = z.union([SettingValue, z.array(SettingValue).min(1)])

/** A condition on the settings of the user. A probe whose condition is not met is not asked, and the output says why. */
export const Need = z.strictObject({
  /** `place.setting` */
  setting: z.string(),
  atLeast: z.number().optional(),
  atMost: z.number().optional(),
  /** The value, or one of several. */
  is: plain.optional(),
  isNot: plain.optional(),
  /** The value of settings that neither the files give nor the audit assumes: the system's default. */
  default: SettingValue.optional(),
  /** Why the probe is not asked, when the condition is not met. */
  otherwise: z.string(),
})
export type Need = z.infer<typeof Need>

export const Probe = z.strictObject({
  /** A few words: `leader lost while followers lag`. */
  title: z.string().max(60),
  question: z.string().endsWith('?'),
  /** Whose messages are at risk. Probes of consumers are asked when the files configure a consumer. */
  side: z.enum(['producer', 'consumer']),
  needs: z.array(Need).default([]),
  /** Causes that this schedule can show. Their fixes run beside the settings of the user. */
  causes: z.array(z.string()).min(1),
  /**
   * Settings, as `place.setting`, that surely lose under this schedule. They run as a lane of the same trial. When that
   * lane loses nothing, the fault was not hard enough, and the probe is inconclusive.
   */
  control: Settings.optional(),
  /** Settings, as `place.setting`, without which the schedule cannot be run; they override those of the user, and the output says so. */
  set: Settings.default({}),
  /** As in scenarios. Settings of the user's workload that are not given here are kept. */
  workload: z.record(z.string(), SettingValue).default({}),
  /** Each cell has a trial of its own, as in scenarios. */
  isolate: z.boolean().optional(),
  schedule: z.array(z.unknown()).min(1),
  recovery: z.string().optional(),
  drain: z.unknown().optional(),
  settled: z.literal(true).optional(),
  tail: z.int().optional(),
})
export type Probe = z.infer<typeof Probe> & { id: string }

/** `id`: the name of the file without its ending. Throws LossproofError('scenario') for a text that is not a probe. */
export function parseProbe(id: string, file: string, text: string): Probe {
  const doc = parseDocument(text)
  const [broken] = doc.errors
  if (broken) throw new LossproofError('scenario', `${file}: not valid YAML: ${broken.message}`)
  const parsed = Probe.safeParse(doc.toJS())
  if (!parsed.success) throw new LossproofError('scenario', `${file}: ${z.prettifyError(parsed.error)}`)
  return { id, ...parsed.data }
}
