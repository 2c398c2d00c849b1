import type { TrialEvent } from './events.ts'

type Evidence = Extract<TrialEvent, { kind: 'evidence' }>

/** The evidence of a fault: the first complete one where it was read several times, else the last. */
export function evidenceOf(id: string, events: readonly TrialEvent[]): Evidence | undefined {
  const found = events.filter((event): event is Evidence => event.kind === 'evidence' && event.id === id)
  return found.find(evidence => evidence.complete) ?? found.at(-1)
}
