/**
 * Checks and conversions of settings that all Kafka clients share. Names and values are those of Kafka's Java client.
 */
import type { Settings, SettingValue } from '../../../model/plan.ts'
import { oneOf } from '../facts.ts'
import { asNumber } from '../setting-values.ts'

export const acks = oneOf(0, 1, 'all', -1)
export const offsetReset = oneOf('earliest', 'latest')
export const isolation = oneOf('read_committed', 'read_uncommitted')

/** `acks` as the protocol spells it: -1 for `all`. */
export function acksNumber(value: SettingValue | undefined): number | undefined {
  return value === 'all' ? -1 : asNumber(value)
}

/** For an idempotent producer. */
export function acksConflict({ acks: value = 'all' }: Settings): string | undefined {
  return value === 'all' || Number(value) === -1 ? undefined : `enable.idempotence needs acks=all, got ${String(value)}`
}

export function heartbeatConflict(settings: Settings, defaultSessionMs: number): string | undefined {
  const heartbeat = Number(settings['heartbeat.interval.ms'] ?? 3000)
  const session = Number(settings['session.timeout.ms'] ?? defaultSessionMs)
  return heartbeat < session
    ? undefined
    : `heartbeat.interval.ms (${heartbeat}) must be below session.timeout.ms (${session})`
}
