package lossproof;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * The next offset of each assigned partition: delivered, handled (processed, parked or given up), requested to be
 * committed, committed.
 */
final class Positions {
  private static final class Position {
    /** First offset since the assignment. */
    final long first;
    long delivered;
    long handled;
    long requested;
    /** 0 before the first commit. */
    long committed;
    /** Offsets that were handed to workers and are not handled yet. */
    final TreeSet<Long> open = new TreeSet<>();
    /** The next offset after the highest one that is handled. */
    long highest;

    Position(long first) {
      this.first = first;
      handled = first;
      highest = first;
      requested = first;
    }
  }

  private final Map<Integer, Position> partitions = new HashMap<>();
  private final boolean handlesHighest;

  /**
   * @param handlesHighest whether everything before the highest handled offset counts as handled. Otherwise it ends before
   *     the first offset that a worker still has.
   */
  Positions(boolean handlesHighest) {
    this.handlesHighest = handlesHighest;
  }

  synchronized void delivered(int p, long first, long next) {
    partitions.computeIfAbsent(p, none -> new Position(first)).delivered = next;
  }

  /** A worker gets the message. */
  synchronized void handed(Message message) {
    Position position = partitions.get(message.p());
    if (position != null) position.open.add(message.o());
  }

  /** Ignored for a partition that has been revoked meanwhile. */
  synchronized void handled(Message message) {
    Position position = partitions.get(message.p());
    if (position == null) return;
    position.highest = Math.max(position.highest, message.o() + 1);
    if (!position.open.remove(message.o())) position.handled = message.o() + 1;
    else position.handled = position.open.isEmpty() || handlesHighest ? position.highest : position.open.first();
  }

  synchronized void committed(int p, long next) {
    Position position = partitions.get(p);
    if (position != null) position.committed = next;
  }

  /** Returns the handled offsets whose commit was not requested yet, and marks them as requested. */
  synchronized Map<TopicPartition, OffsetAndMetadata> takeHandled(String topic) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    partitions.forEach((p, position) -> {
      if (position.handled <= position.requested) return;
      position.requested = position.handled;
      offsets.put(new TopicPartition(topic, p), new OffsetAndMetadata(position.handled));
    });
    return offsets;
  }

  /** Returns the handled offsets of `revoked` that are not confirmed as committed. */
  synchronized Map<TopicPartition, OffsetAndMetadata> unconfirmed(Collection<TopicPartition> revoked) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (TopicPartition partition : revoked) {
      Position position = partitions.get(partition.partition());
      if (position == null || position.handled <= Math.max(position.committed, position.first)) continue;
      offsets.put(partition, new OffsetAndMetadata(position.handled));
    }
    return offsets;
  }

  synchronized void forget(Collection<TopicPartition> gone) {
    for (TopicPartition partition : gone) partitions.remove(partition.partition());
  }

  /** Offsets delivered and not committed, summed over partitions. */
  synchronized long uncommitted() {
    return partitions.values().stream()
        .mapToLong(position -> Math.max(0, position.delivered - Math.max(position.committed, position.first)))
        .sum();
  }

  /** Offsets covered by commits, summed over partitions. */
  synchronized long committed() {
    return partitions.values().stream().mapToLong(position -> position.committed).sum();
  }
}
