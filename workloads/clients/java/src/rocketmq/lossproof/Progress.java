package lossproof;

import java.util.HashMap;
import java.util.Map;

/** How far each partition has come: next offsets, as delivered and as committed. */
final class Progress {
  private static final class Position {
    /** Where deliveries began; -1 before the first. */
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

  /** Whether that is new. */
  synchronized boolean committed(int p, long next) {
    Position position = partitions.computeIfAbsent(p, none -> new Position());
    if (next <= position.committed) return false;
    position.committed = next;
    return true;
  }

  /** Delivered and not committed, summed over partitions. */
  synchronized long uncommitted() {
    return partitions.values().stream().mapToLong(position -> Math.max(0, position.delivered - Math.max(position.committed, position.first))).sum();
  }

  /** Offsets covered by commits, summed over partitions. */
  synchronized long committed() {
    return partitions.values().stream().mapToLong(position -> Math.max(0, position.committed)).sum();
  }
}
