import { describeQuorumV2 } from '@platformatic/kafka'
import type { BrokerConnection } from './broker-connection.ts'
import type { Quorum } from './raw-types.ts'

const metadataTopic = '__cluster_metadata'

/** The active controller and the voters, as a broker knows them. Throws when it does not answer. */
export async function describeQuorum(connection: BrokerConnection): Promise<Quorum> {
  const response = await connection.call(open =>
    describeQuorumV2.api.async(open, [{ topicName: metadataTopic, partitions: [{ partitionIndex: 0 }] }]),
  )
  const partition = response.topics[0]?.partitions[0]
  if (!partition) throw new Error('the answer to DescribeQuorum has no partition')
  return {
    leaderId: partition.leaderId,
    leaderEpoch: partition.leaderEpoch,
    voters: partition.currentVoters.map(voter => voter.replicaId),
  }
}
