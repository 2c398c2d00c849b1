/** The cluster that Kafka's configuration files describe. */
import type { Settings } from '../../../model/plan.ts'
import type { ClusterFacts, NodeFact } from '../../shared/config-files/types.ts'

const mostBrokers = 9
const mostControllers = 5
const assumedBrokers = 3

/** Roles: `broker`, `controller`, `broker,controller`, and `voters` for the size of a quorum that a file names. */
export function kafkaCluster(nodes: readonly NodeFact[]): ClusterFacts {
  const assumptions: string[] = []
  const count = (...roles: string[]) =>
    nodes.filter(({ role }) => roles.includes(role)).reduce((sum, node) => sum + node.count, 0)
  const isCombined = count('broker,controller') > 0
  const voters = Math.max(0, ...nodes.filter(({ role }) => role === 'voters').map(node => node.count))
  const described = count('broker', 'broker,controller')
  const complete = nodes.some(node => node.complete)
  const brokers = brokerCount(described, isCombined ? voters : 0, complete, assumptions)
  const separate = isCombined ? 0 : Math.max(count('controller'), complete ? 0 : voters)
  if (brokers > mostBrokers)
    assumptions.push(`the files describe ${brokers} brokers; a test cluster has at most ${mostBrokers}`)
  return {
    cluster: {
      brokers: Math.min(brokers, mostBrokers),
      ...(separate > 0 ? { controllers: Math.min(separate, mostControllers) } : {}),
    },
    assumptions,
  }
}

function brokerCount(described: number, voters: number, complete: boolean, assumptions: string[]): number {
  if (complete && described > 0) return described
  if (described > 1) return Math.max(described, voters)
  if (voters > 1) return voters
  assumptions.push(
    described === 0
      ? `no file describes brokers; a cluster of ${assumedBrokers} brokers with default settings is assumed`
      : `the files describe one broker; a cluster of ${assumedBrokers} such brokers is assumed`,
  )
  return assumedBrokers
}

/** Partitions and replicas of the topic: from its own settings, else from the broker's defaults, else as a test needs them. */
export function kafkaTopic(
  cluster: Settings,
  broker: Settings,
  topic: Settings,
): { topic: Settings; assumptions: string[] } {
  const { factor, assumptions } = replication(Number(cluster['brokers'] ?? assumedBrokers), broker, topic)
  const partitions = topic['partitions'] === undefined ? broker['num.partitions'] : undefined
  return {
    topic: {
      ...(factor === undefined ? {} : { 'replication.factor': factor }),
      ...(partitions === undefined ? {} : { partitions }),
    },
    assumptions,
  }
}

/** `factor` is undefined when the topic's own setting can stay. */
function replication(brokers: number, broker: Settings, topic: Settings): { factor?: number; assumptions: string[] } {
  const own = topic['replication.factor']
  const byDefault = broker['default.replication.factor']
  const wanted = Number(own ?? byDefault ?? Math.min(3, brokers))
  const factor = Math.min(wanted, brokers)
  const reduced =
    factor < wanted ? [`${wanted} replicas are reduced to ${factor}, the brokers of the test cluster`] : []
  if (own !== undefined) return factor < wanted ? { factor, assumptions: reduced } : { assumptions: [] }
  if (byDefault !== undefined)
    return { factor, assumptions: [`no file describes a topic; default.replication.factor counts`, ...reduced] }
  return {
    factor,
    assumptions: [
      `no file gives a replication factor; ${factor === 1 ? '1 replica is' : `${factor} replicas are`} assumed. ` +
        'Without default.replication.factor, Kafka creates topics with 1 replica unless the creator asks for more',
    ],
  }
}
