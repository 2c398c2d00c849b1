/**
 * Codes that a Kafka broker returns only before it appends (Kafka 4.3: KafkaApis, ReplicaManager, Partition's
 * appendRecordsToLeader, UnifiedLog's validation). A record that was refused with one of them is not stored.
 *
 * Left out on purpose: NOT_LEADER_OR_FOLLOWER, UNKNOWN_TOPIC_OR_PARTITION and KAFKA_STORAGE_ERROR, which DelayedProduce
 * also returns for a record that was appended; NOT_ENOUGH_REPLICAS_AFTER_APPEND; sequence and epoch errors, which are
 * about an earlier attempt.
 */
export const beforeAppend: ReadonlySet<string> = new Set([
  'NOT_ENOUGH_REPLICAS',
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
  'INVALID_TOPIC_EXCEPTION',
  'INVALID_REQUIRED_ACKS',
  'POLICY_VIOLATION',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'UNSUPPORTED_VERSION',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
  'UNSUPPORTED_COMPRESSION_TYPE',
])
