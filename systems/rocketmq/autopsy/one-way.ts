/** One-way sends: the client sends and waits for no answer. */
import type { Cause } from '../../../model/causes.ts'
import { laneOf } from '../../shared/autopsy/input.ts'
import type { AutopsyInput } from '../../shared/autopsy/input.ts'
import { sentToDeadLeader, swallowedByCut } from '../../shared/autopsy/swallowed.ts'
import type { Messages } from '../../shared/autopsy/wording.ts'

const why = 'a one-way send waits for no answer'

export function neverReachedMaster(p: number, messages: Messages, input: AutopsyInput): Cause | undefined {
  if (laneOf(input)?.producer.clientSettings['send'] !== 'oneway') return undefined
  return swallowedByCut(messages, input, why) ?? sentToDeadLeader(p, messages, input, why)
}
