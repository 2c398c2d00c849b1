/** Reasons why a lane shows nothing that concern the lane itself: it could not take part, or its settings are not in force. */
import type { TrialEvent } from '../../history/events.ts'

/** Differences of one setting at several brokers make one reason. */
export function laneTrouble(events: readonly TrialEvent[], laneId: string): string[] {
  const failed = events.flatMap(event =>
    event.kind === 'lane-failed' && event.lane === laneId ? [`the lane could not take part: ${event.why}`] : [],
  )
  const differs = events.flatMap(event =>
    event.kind === 'setting-differs' && (event.lane === undefined || event.lane === laneId) ? [event] : [],
  )
  const bySetting = Map.groupBy(differs, ({ setting, requested, inForce }) =>
    JSON.stringify([setting, requested, inForce ?? null]),
  )
  return [
    ...failed,
    ...[...bySetting.values()].flatMap(same => {
      const [first] = same
      if (!first) return []
      const { setting, requested, inForce } = first
      const found = inForce === undefined ? 'the broker does not know it' : `${inForce} is in force`
      return [`${setting}: ${requested} was requested, but ${found} (${same.map(({ where }) => where).join(', ')})`]
    }),
  ]
}
