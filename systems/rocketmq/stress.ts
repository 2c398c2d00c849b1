/** What RocketMQ knows about random schedules. */
import { numberOf } from '../shared/planning.ts'
import type { Settings } from '../../model/settings.ts'
import type { StressFacts } from '../shared/stress/facts.ts'

const isController = (own: Settings) => own['cluster.mode'] === 'controller'
const replicasOf = (own: Settings) => 1 + numberOf(own['cluster.slaves'], 1)

export const rocketmqStress: StressFacts = {
  ladders: [
    { name: 'client.send', values: ['oneway', 'sync'], default: 'sync' },
    {
      name: 'consumer.consumeFromWhere',
      values: ['CONSUME_FROM_LAST_OFFSET', 'CONSUME_FROM_FIRST_OFFSET'],
      default: null,
    },
    { name: 'workload.processing', values: ['worker', 'inline'], default: 'inline' },
    { name: 'workload.onPoison', values: ['swallow', 'reconsume-later'], default: 'reconsume-later' },
    { name: 'workload.ackedWhen', values: ['SEND_OK,SLAVE_NOT_AVAILABLE', 'SEND_OK'], default: 'SEND_OK' },
  ],
  elects: own => isController(own) && replicasOf(own) > 1,
  brokers: own => replicasOf(own) * numberOf(own['cluster.masters'], 1),
  replicas: replicasOf,
  // The role names the masters of all groups.
  spreadsLeaders: () => false,
  // They run beside the name servers.
  controllersApart: () => true,
  electsAlone: () => ({}),
  recovery(ending, own) {
    if (ending === 'healed') return { recovery: 'whole', set: {} }
    // Copies that disks have damaged may differ for good: the masters serve what counts.
    if (ending === 'damaged') return { recovery: 'masters', set: {} }
    if (isController(own) || replicasOf(own) < 2) return undefined
    return { recovery: 'slaves', set: { 'broker.slaveReadEnable': true } }
  },
}
