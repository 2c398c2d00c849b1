package lossproof;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Records and counters of one lane's consumer. Used by the lane's thread, the worker and the client's threads. */
final class ConsumerFile {
  private final LaneFile file;
  private final Clock clock;
  private boolean closed;
  private long delivered;
  /** Numbers of the processed messages: a redelivered message does not count again. */
  private final Set<Long> processed = new HashSet<>();
  private long parked;

  ConsumerFile(LaneFile file, Clock clock) {
    this.file = file;
    this.clock = clock;
  }

  /** Records all messages that are delivered to the application at once. */
  synchronized void delivered(List<Message> messages) {
    Line lines = new Line();
    double t = clock.now();
    long count = 0;
    for (Message message : messages) {
      if (message.s() < 0) continue;
      put(lines, "delivered", message).put("t", t);
      if (message.delivery() > 1) lines.put("n", message.delivery());
      lines.next();
      count += 1;
    }
    if (count > 0 && write(lines)) delivered += count;
  }

  synchronized void processed(Message message) {
    if (write(put(new Line(), "processed", message).put("t", clock.now()).next())) processed.add(message.s());
  }

  synchronized void failed(Message message, int attempt) {
    write(put(new Line(), "failed", message).put("t", clock.now()).put("n", attempt).put("c", "poison").next());
  }

  synchronized void parked(Message message) {
    if (write(put(new Line(), "parked", message).put("t", clock.now()).next())) parked += 1;
  }

  /** @param o the committed offset that the broker has confirmed: the next one to read */
  synchronized void committed(int p, long o) {
    write(new Line().put("op", "committed").put("p", p).put("o", o).put("t", clock.now()).next());
  }

  synchronized Map<String, Long> status() {
    return new HashMap<>(Map.of("delivered", delivered, "processed", (long) processed.size(), "parked", parked));
  }

  synchronized void close() {
    closed = true;
    try {
      file.close();
    } catch (IOException error) {
      Reports.fatal(error);
    }
  }

  private static Line put(Line line, String op, Message message) {
    return line.put("op", op).put("s", message.s()).put("p", message.p()).put("o", message.o());
  }

  private boolean write(Line line) {
    if (closed) return false;
    try {
      file.write(line.toString());
    } catch (IOException full) {
      Reports.fatal(full);
    }
    return true;
  }
}
