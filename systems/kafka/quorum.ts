/** What a fault does to the quorum of controllers. */
import type { Trial } from '../../model/plan.ts'
import { kafkaShape } from './shape.ts'

/** Faults that take a node out of the quorum. */
const takesNode: ReadonlySet<string> = new Set([
  'crash',
  'stop',
  'pause',
  'restart',
  'rolling-restart',
  'power-loss',
  'wipe-disk',
  'isolate',
  'partition',
  'controller-crash',
])
const controllerTargets: ReadonlySet<string> = new Set(['controller', 'controller-majority', 'all'])

/** Two controllers have no majority without both of them, so losing one ends all elections. */
export function quorumWarnings({ cluster, schedule }: Pick<Trial, 'cluster' | 'schedule'>): string[] {
  const { brokers, controllers } = kafkaShape({ cluster })
  if ((controllers === 0 ? brokers : controllers) !== 2) return []
  const lost = schedule
    .flatMap(step => step.inject)
    .filter(call => takesNode.has(call.fault) && (controllers === 0 || controllerTargets.has(call.target)))
  return lost
    .slice(0, 1)
    .map(
      call =>
        `${call.id}: the cluster has 2 controllers, and without one of them no leader can be elected; ` +
        (controllers === 0
          ? 'use 3 brokers, or dedicated controllers (cluster.controllers: 1 or 3)'
          : 'use 1 or 3 controllers'),
    )
}
