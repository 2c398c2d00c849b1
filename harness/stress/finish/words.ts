/** Schedules and findings in words. */
import type { Draw, DrawnStep } from '../../../model/stress/stress.ts'
import type { Settings } from '../../../model/settings.ts'

const stateWords: Readonly<Record<NonNullable<DrawnStep['state']>, string>> = {
  'isr-leader': 'the leader is the only replica in sync',
  'leader-changed': 'another leader is elected',
  offline: 'nobody serves',
  recovered: 'every replica is back in sync',
  processed: 'consumers have processed 50 messages',
  committed: 'consumers have committed 50 offsets',
  'client-gone': 'the client process has ended',
}

/** `cut-replication leader; once another leader is elected: crash leader; heal all`. */
export function scheduleWords({ steps, gone }: Pick<Draw, 'steps' | 'gone'>): string {
  const parts = steps.map(step => {
    const acts = [
      ...(step.heal === 'nothing' ? [] : [step.heal === 'all' ? 'heal all' : 'heal the earlier faults']),
      ...step.inject.map(({ fault, target }) => `${fault} ${target}`),
    ].join(' and ')
    return step.state === undefined ? acts : `once ${stateWords[step.state]}: ${acts}`
  })
  return `${parts.join('; ')}${gone ? ', for good' : ''}`
}

/** `producer.acks=1, topic.min.insync.replicas=1`. */
export const settingsWords = (settings: Settings): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${String(value ?? 'default')}`)
    .join(', ')

/** One sentence that says what happens, for people and for the claim of the scenario. */
export function claimOf(
  settings: Settings,
  draw: Pick<Draw, 'steps' | 'gone'>,
  { cause, what }: { cause: string; what: string },
  fix: Settings | undefined,
): string {
  const given = settingsWords(settings)
  const withThem = given === '' ? 'With default settings' : `With ${given}`
  const happens =
    what === 'lost'
      ? 'acknowledged messages are lost'
      : what === 'skipped'
        ? 'stored messages are never processed'
        : `a promise is broken (${what})`
  const kept = fix === undefined ? '' : ` With ${settingsWords(fix)} nothing is lost under the same schedule.`
  return `${withThem} ${happens} (${cause}) after: ${scheduleWords(draw)}.${kept}`
}
