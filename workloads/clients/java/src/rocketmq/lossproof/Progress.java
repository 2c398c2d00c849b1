package lossproof;

import java.util.HashMap;
import java.util.Map;

/** The next offset of each partition: delivered and committed. */
final class Progress {
  private static final class Position {
    /** First offset that was delivered; -1 before the first delivery. */
    long first = -1;
    long delivered;
    /** -1 before the first commit. */
    long committed = -1;
  }

  private final Map<Integer, Position> partitions = new HashMap<>();

  synchronized void delivered(int p, long o) {
    Position position = partitions.computeIfAbsent(p, none -> new Position());
    if (position.first < 0) position.first = o;
    position.delivered = Math.max(position.delivered, o + 1);
  }

  /** Returns whether the commit is new. */
  synchronized boolean committed(int p, long next) {
    Position position = partitions.computeIfAbsent(p, none -> new Position());
    if (next <= position.committed) return false;
    position.committed = next;
    return true;
  }

  /** Offsets delivered and not committed, summed over partitions. */
  synchronized long uncommitted() {
    return partitions.values().stream()
        .mapToLong(position -> Math.max(0, position.delivered - Math.max(position.committed, position.first)))
        .sum();
  }

  /** Offsets covered by commits, summed over partitions. */
  synchronized long committed() {
    return partitions.values().stream().mapToLong(position -> Math.max(0, position.committed)).sum();
  }
}
