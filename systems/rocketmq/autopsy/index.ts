/** How RocketMQ's losses are explained. */
import type { SystemAutopsy } from '../../shared/autopsy/system-autopsy.ts'
import { rocketmqLossCauses, rocketmqSkipCauses } from './causes.ts'
import { explainLossByEvents } from './explain-loss.ts'
import { copiesLostWith } from './retry-copies.ts'

export const rocketmqAutopsy: SystemAutopsy = {
  lossCauses: rocketmqLossCauses,
  skipCauses: rocketmqSkipCauses,
  recordsCarryEpochs: false,
  startProvesCommit: false,
  resetRemedy: 'consumeFromWhere=CONSUME_FROM_FIRST_OFFSET',
  resetPolicy: () => 'earliest',
  explainLoss: explainLossByEvents,
  explainByHistory: () => undefined,
  missingEvidence: (p, { epochs }) =>
    epochs.changes(p).length === 0
      ? 'no master was observed'
      : 'what was seen of their master and of proved faults leaves more than one possibility',
  explainLostOffsets: () => undefined,
  explainLostRetry: copiesLostWith,
}
