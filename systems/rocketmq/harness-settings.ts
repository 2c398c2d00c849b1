/**
 * The settings of RocketMQ brokers and controllers that Lossproof sets by itself, each with the reason. Addresses and
 * paths are in properties.ts.
 */
import type { HarnessSetting } from '../shared/settings/known.ts'

const smallFiles = 'small files are created quickly; a test broker stores a few MB'
const busyMachine = 'with the defaults a broker on a busy machine rejects messages without any fault'
const deadLink = 'both ends of a dead replication link notice it in 3 s instead of 20 s'
/** Measured until a new master accepts messages: 0.4 s after a kill, 3 s after a pause. */
const fastElection = 'a dead master is detected within 3 s instead of 10 s or more'
const fastSync = 'slaves and controllers learn of changes within a second, so that a trial can go on'

export function brokerHarnessSettings(mode: 'classic' | 'controller', version: string): HarnessSetting[] {
  return [
    ...tuned('it is not used by any trial and makes the start slower', {
      timerWheelEnable: false,
      messageIndexEnable: false,
    }),
    ...tuned('topics and groups are created by Lossproof only', {
      autoCreateTopicEnable: false,
      autoCreateSubscriptionGroup: false,
    }),
    ...tuned(smallFiles, { mappedFileSizeCommitLog: 16_777_216, mappedFileSizeConsumeQueue: 60_000 }),
    // Older versions of 4.x know only this spelling.
    ...(version.startsWith('4.')
      ? tuned(smallFiles, { mapedFileSizeCommitLog: 16_777_216, mapedFileSizeConsumeQueue: 60_000 })
      : []),
    ...tuned(busyMachine, { waitTimeMillsInSendQueue: 5000, osPageCacheBusyTimeOutMills: 5000 }),
    ...tuned('TransactionMetricsFlushService of 5.x uses a full core from the start until this interval has passed', {
      transactionMetricFlushInterval: 250,
    }),
    ...tuned(deadLink, { haHousekeepingInterval: 3000, haSendHeartbeatInterval: 500 }),
    ...(mode === 'controller'
      ? [
          ...tuned(fastElection, { brokerHeartbeatInterval: 300 }),
          ...tuned(`${fastElection}; shorter timeouts caused elections without any fault on two busy cores`, {
            controllerHeartBeatTimeoutMills: 3000,
            brokerNotActiveTimeoutMillis: 3000,
          }),
          ...tuned(fastSync, {
            haMaxTimeSlaveNotCatchup: 4000,
            checkSyncStateSetPeriod: 500,
            syncBrokerMetadataPeriod: 500,
            syncControllerMetadataPeriod: 1000,
          }),
        ]
      : []),
  ]
}

/** Of controllers. */
export function controllerHarnessSettings(): HarnessSetting[] {
  return tuned(fastElection, { scanNotActiveBrokerInterval: 500, scanInactiveMasterInterval: 500 })
}

function tuned(reason: string, settings: Record<string, number | boolean>): HarnessSetting[] {
  return Object.entries(settings).map(([name, value]) => ({ name, value, reason, kind: 'tuned' }))
}
