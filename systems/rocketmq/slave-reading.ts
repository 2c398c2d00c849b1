/** Reading the final log from slaves, after the schedule has left every master down. */
import { admin } from '../../workloads/rocketmq-remoting/index.ts'
import type { Trial } from '../../model/plan.ts'
import type { SlaveReading } from '../shared/live-system.ts'
import type { RocketmqCluster } from './cluster.ts'
import type { RocketmqObserver } from './observer/observer.ts'
import { queueOf } from './queues.ts'
import { nodesOf } from './roles.ts'

interface Context {
  trial: Trial
  cluster: RocketmqCluster
  observer: RocketmqObserver
}

export function slaveReading({ trial, cluster, observer }: Context): SlaveReading {
  const runtimeInfo = async (id: number) => admin.runtimeInfo(observer.client, cluster.advertised(id))
  return {
    /** A master that runs could still take messages; a slave may not have put all of its commit log into queues yet. */
    async unsettled() {
      const masters = await nodesOf({ trial, cluster, observer }, 'master')
      const running = await Promise.all(
        masters.map(async id => ((await cluster.nodes.state(id)).running ? [cluster.node(id).name] : [])),
      )
      const slaves = cluster.brokers.filter(({ id }) => !masters.includes(id))
      const behind = await Promise.all(
        slaves.map(async ({ id, name }) => {
          const bytes = Number((await runtimeInfo(id)).get('dispatchBehindBytes'))
          return bytes === 0 ? [] : [`${name} has not put ${bytes} bytes of its commit log into queues yet`]
        }),
      )
      return [...running.flat().map(name => `master ${name} still runs`), ...behind.flat()]
    },

    async topicUnknown({ topic }, p) {
      // Brokers of 4.x have no request for a topic's configuration.
      if (trial.cluster.version.startsWith('4.')) return undefined
      const nodes = cluster.groups.get(queueOf(topic, p).brokerName) ?? []
      const serving = nodes.filter(({ id }) => observer.brokersUp().includes(id))
      const answers = await Promise.all(
        serving.map(async ({ id }) => admin.topicConfig(observer.client, cluster.advertised(id), topic.name)),
      )
      if (answers.length === 0 || answers.some(config => config !== undefined)) return undefined
      return `${serving.map(({ name }) => name).join(', ')}: TOPIC_NOT_EXIST`
    },
  }
}
