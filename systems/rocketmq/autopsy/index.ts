/** How RocketMQ's losses are explained. */
import { laneOf } from '../../shared/autopsy/input.ts'
import type { SystemAutopsy } from '../../shared/autopsy/system-autopsy.ts'
import { rocketmqShape } from '../shape.ts'
import { rocketmqLossCauses, rocketmqSkipCauses } from './causes.ts'
import { explainLossByEvents } from './explain-loss.ts'
import { brokerSetting } from './group-copies.ts'
import { copiesLostWith } from './retry-copies.ts'
import { filteredOut } from './subscriptions.ts'

/** Settings with which a broker removes files of its commit log. The default of 72 hours is longer than any trial. */
const retention = ['fileReservedTime', 'deleteWhen', 'diskMaxUsedSpaceRatio', 'cleanFileForciblyEnable']

/** What a cluster of the user's own removes by its age is not known, so it may have removed what is gone from the beginning. */
const expiresByRetention: SystemAutopsy['expiresRecords'] = settled =>
  rocketmqShape(settled.trial).own !== undefined ||
  retention.some(name => brokerSetting(0, name, settled) !== undefined)

/** `cleanup.policy=COMPACTION`, an attribute of topics since 5.1. */
const isCompacted: SystemAutopsy['compactsRecords'] = settled =>
  String(laneOf(settled)?.topic.settings['cleanup.policy'] ?? '').toUpperCase() === 'COMPACTION'

export const rocketmqAutopsy: SystemAutopsy = {
  lossCauses: rocketmqLossCauses,
  skipCauses: rocketmqSkipCauses,
  recordsCarryEpochs: false,
  expiresRecords: expiresByRetention,
  compactsRecords: isCompacted,
  isBroadcasting: settled => laneOf(settled)?.consumer?.settings['messageModel'] === 'BROADCASTING',
  startProvesCommit: false,
  resetRemedy: 'consumeFromWhere=CONSUME_FROM_FIRST_OFFSET',
  resetPolicy: settled =>
    laneOf(settled)?.consumer?.settings['consumeFromWhere'] === 'CONSUME_FROM_LAST_OFFSET' ? 'latest' : 'earliest',
  explainLoss: explainLossByEvents,
  explainByHistory: () => undefined,
  missingEvidence: (p, { epochs }) =>
    epochs.changes(p).length === 0
      ? 'no master was observed'
      : 'what was seen of their master and of proved faults leaves more than one possibility',
  explainLostOffsets: () => undefined,
  explainLostRetry: copiesLostWith,
  explainFiltered: filteredOut,
}
