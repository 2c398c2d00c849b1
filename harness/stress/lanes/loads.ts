/** Loads under which the user's own settings run side by side: what is lost often depends on how full batches are. */
import type { Settings } from '../../../model/settings.ts'
import type { DrawnLane } from '../../../model/stress/stress.ts'
import type { Subject } from '../subject.ts'

const ofProducers: readonly Settings[] = [
  {},
  { 'workload.rate': '200/s' },
  { 'workload.batch': 5 },
  { 'workload.size': '1KB' },
  { 'workload.rate': '50/s' },
  { 'workload.rate': '200/s', 'workload.batch': 10 },
  { 'workload.rate': '50/s', 'workload.size': '4KB' },
  { 'workload.batch': 2 },
]

/** Handlers that keep up, that are idle most of the time, and that fall behind. */
const ofConsumers: readonly Settings[] = [
  {},
  { 'workload.processTime': '12ms' },
  { 'workload.rate': '50/s', 'workload.processTime': '15ms' },
  { 'workload.rate': '50/s', 'workload.processTime': '25ms' },
  { 'workload.processTime': '2ms' },
  { 'workload.rate': '50/s', 'workload.processTime': '5ms' },
  { 'workload.batch': 5 },
  { 'workload.size': '1KB' },
]

/** The user's settings first as they are. What the user says about the load stays as it is. */
export function loads({ own, consumes }: Subject): DrawnLane[] {
  const given = (consumes ? ofConsumers : ofProducers).filter(load => Object.keys(load).every(name => !(name in own)))
  return given.map((settings): DrawnLane => ({ kind: 'own', settings }))
}
