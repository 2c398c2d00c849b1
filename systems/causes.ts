/** Every cause that an autopsy of any system can name. */
import {
  notEstablished,
  sharedLossCauses,
  applicationCauses,
  sharedSkipCauses,
  sharedUnsentCauses,
} from '../model/causes.ts'
import type { CauseDefinitions } from '../model/causes.ts'
import { systems } from './index.ts'
import type { kafkaLossCauses } from './kafka/autopsy/causes.ts'
import type { rocketmqLossCauses, rocketmqSkipCauses } from './rocketmq/autopsy/causes.ts'

/** Of lost messages, by the system that has them; `undefined`: every system. */
export const lossCauses: readonly (readonly [system: string | undefined, causes: CauseDefinitions])[] = [
  [undefined, sharedLossCauses],
  ...systems.map(({ label, autopsy }) => [label, autopsy.lossCauses] as const),
]

/** Causes of skipped messages, in the same form. */
export const skipCauses: typeof lossCauses = [
  [undefined, { ...sharedSkipCauses, ...applicationCauses }],
  ...systems.map(({ label, autopsy }) => [label, autopsy.skipCauses] as const),
]

/** Causes of messages that no application knows to be unsent, in the same form. */
export const unsentCauses: typeof lossCauses = [[undefined, sharedUnsentCauses]]

/** Codes that a scenario can expect. */
export const causeCodes: readonly string[] = [...lossCauses, ...skipCauses, ...unsentCauses].flatMap(([, causes]) =>
  Object.keys(causes),
)

/** Whether a code can stand in a verdict. */
export const isCauseCode = (code: string): boolean => code === notEstablished || causeCodes.includes(code)

/** Every code that can stand in a verdict of this version. */
export type CauseCode =
  | keyof typeof sharedLossCauses
  | keyof typeof sharedSkipCauses
  | keyof typeof applicationCauses
  | keyof typeof sharedUnsentCauses
  | keyof typeof kafkaLossCauses
  | keyof typeof rocketmqLossCauses
  | keyof typeof rocketmqSkipCauses
  | typeof notEstablished
