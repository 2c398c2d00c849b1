/** How Kafka's losses are explained: first by extracts of replica logs, then by the history alone. */
import { laneOf } from '../../shared/autopsy/input.ts'
import { isCause } from '../../shared/autopsy/system-autopsy.ts'
import { sentToDeadLeader, swallowedByCut } from '../../shared/autopsy/swallowed.ts'
import type { SystemAutopsy } from '../../shared/autopsy/system-autopsy.ts'
import { explainByElectionOrDisk } from './by-history.ts'
import { kafkaLossCauses } from './causes.ts'
import { droppedByClient, explainNeverStored, namesNoOffset } from './never-stored.ts'
import { offsetsLost } from './offsets-lost.ts'
import { acks, expiresByRetention, isCompacted } from './settings.ts'
import { explainVanished } from './vanished.ts'

const neverAsked = 'with acks=0 the producer waits for no answer'

export const kafkaAutopsy: SystemAutopsy = {
  lossCauses: kafkaLossCauses,
  skipCauses: {},
  recordsCarryEpochs: true,
  expiresRecords: expiresByRetention,
  compactsRecords: isCompacted,
  isBroadcasting: () => false,
  startProvesCommit: true,
  resetRemedy: 'auto.offset.reset=earliest',
  resetPolicy(settled) {
    const policy = String(laneOf(settled)?.consumer?.settings['auto.offset.reset'] ?? 'earliest').toLowerCase()
    if (policy === 'latest') return 'latest'
    // With none a consumer ends where it would have been reset, so a start is never explained by that.
    return policy === 'earliest' || policy === 'none' ? 'earliest' : 'other'
  },
  explainLoss(p, group, copies, input) {
    const vanished = explainVanished(p, group, copies, input)
    if (isCause(vanished)) {
      // An election among in-sync replicas removes nothing that acks=all has acknowledged: no broker acknowledged these.
      const neverAnswered =
        vanished.code === 'truncated-after-election' && acks(input) === 'all' && namesNoOffset(group, input)
      return neverAnswered ? droppedByClient(vanished.text, group, input) : vanished
    }
    return explainNeverStored(p, group, copies, input) ?? vanished
  },
  explainByHistory(p, messages, input) {
    return (
      explainByElectionOrDisk(p, messages, input) ??
      (acks(input) === '0'
        ? (sentToDeadLeader(p, messages, input, neverAsked) ?? swallowedByCut(messages, input, neverAsked))
        : undefined)
    )
  },
  missingEvidence(p, { lane, epochs }) {
    if (epochs.changes(p).length === 0) return 'no leader epochs were observed'
    return lane.logs.get(p)?.firstAfter(-1) === undefined
      ? 'the records of the final log carry no leader epochs'
      : 'the leader epoch around their acknowledgements is uncertain, or no later epoch begins at their offsets'
  },
  explainLostOffsets: offsetsLost,
  explainLostRetry: () => undefined,
}
