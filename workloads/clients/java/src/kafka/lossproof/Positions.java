package lossproof;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** How far each assigned partition has come: next offsets, as delivered, as handled (processed, parked or given up), as asked and confirmed to be committed. */
final class Positions {
  private static final class Position {
    /** Where the assignment began. */
    final long first;
    long delivered;
    long handled;
    long asked;
    /** 0 before the first commit. */
    long committed;

    Position(long first) {
      this.first = first;
      handled = first;
      asked = first;
    }
  }

  private final Map<Integer, Position> partitions = new HashMap<>();

  synchronized void delivered(int p, long first, long next) {
    partitions.computeIfAbsent(p, none -> new Position(first)).delivered = next;
  }

  /** Of a partition that was taken away meanwhile: nothing. */
  synchronized void handled(Message message) {
    Position position = partitions.get(message.p());
    if (position != null) position.handled = message.o() + 1;
  }

  synchronized void committed(int p, long next) {
    Position position = partitions.get(p);
    if (position != null) position.committed = next;
  }

  /** What has been handled and not been asked to be committed yet, taken as asked. */
  synchronized Map<TopicPartition, OffsetAndMetadata> takeHandled(String topic) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    partitions.forEach((p, position) -> {
      if (position.handled <= position.asked) return;
      position.asked = position.handled;
      offsets.put(new TopicPartition(topic, p), new OffsetAndMetadata(position.handled));
    });
    return offsets;
  }

  /** What has been handled and is not confirmed as committed, of `revoked`. */
  synchronized Map<TopicPartition, OffsetAndMetadata> unconfirmed(Collection<TopicPartition> revoked) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (TopicPartition partition : revoked) {
      Position position = partitions.get(partition.partition());
      if (position != null && position.handled > Math.max(position.committed, position.first)) offsets.put(partition, new OffsetAndMetadata(position.handled));
    }
    return offsets;
  }

  synchronized void forget(Collection<TopicPartition> gone) {
    for (TopicPartition partition : gone) partitions.remove(partition.partition());
  }

  /** Delivered and not committed, summed over partitions. */
  synchronized long uncommitted() {
    return partitions.values().stream().mapToLong(position -> Math.max(0, position.delivered - Math.max(position.committed, position.first))).sum();
  }

  /** Offsets covered by commits, summed over partitions. */
  synchronized long committed() {
    return partitions.values().stream().mapToLong(position -> position.committed).sum();
  }
}
