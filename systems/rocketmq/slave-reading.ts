/** Reading the final log from slaves, after the schedule has left their master down. */
import { admin } from '../../workloads/rocketmq-remoting/index.ts'
import type { Trial } from '../../model/plan.ts'
import type { SlaveReading } from '../shared/live-system.ts'
import type { RocketmqCluster } from './cluster.ts'
import type { RocketmqObserver } from './observer/observer.ts'
import { queueOf } from './queues.ts'
import { masterOf } from './roles.ts'

interface Context {
  trial: Trial
  cluster: RocketmqCluster
  observer: RocketmqObserver
}

export function slaveReading({ trial, cluster, observer }: Context): SlaveReading {
  /** Broker groups whose master is down. */
  const orphans = async () => {
    const states = await Promise.all(
      [...cluster.groups].map(async ([brokerName, nodes]) => {
        const master = masterOf(cluster, observer, brokerName)
        const { running } = await cluster.nodes.state(master)
        return { brokerName, running, slaves: nodes.filter(({ id }) => id !== master) }
      }),
    )
    return states.filter(({ running }) => !running)
  }
  return {
    async masterDown({ topic }, p) {
      const { brokerName } = queueOf(topic, p)
      return (await orphans()).some(group => group.brokerName === brokerName)
    },

    /** A slave may not have put all of its commit log into queues yet. */
    async unsettled() {
      const slaves = (await orphans()).flatMap(group => group.slaves)
      const behind = await Promise.all(
        slaves.map(async ({ id, name }) => {
          const info = await admin.runtimeInfo(observer.client, cluster.advertised(id))
          const bytes = Number(info.get('dispatchBehindBytes'))
          return bytes === 0 ? [] : [`${name} has not put ${bytes} bytes of its commit log into queues yet`]
        }),
      )
      return behind.flat()
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
