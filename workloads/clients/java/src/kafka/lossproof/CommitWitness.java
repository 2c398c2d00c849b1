package lossproof;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Is called for each commit that the coordinator has confirmed, whether the client or the application made it. */
public final class CommitWitness implements ConsumerInterceptor<byte[], byte[]> {
  /** The property in which the lane passes itself to this interceptor. */
  static final String LANE = "lossproof.lane";
  private KafkaConsumerLane lane;

  @Override
  public void configure(Map<String, ?> configs) {
    lane = (KafkaConsumerLane) configs.get(LANE);
  }

  @Override
  public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
    return records;
  }

  @Override
  public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
    offsets.forEach((partition, offset) -> lane.committed(partition.partition(), offset.offset()));
  }

  @Override
  public void close() {}
}
