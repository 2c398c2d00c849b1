package lossproof;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Writes down answers, those of one moment in one write(2), from a thread that waits for nothing else: a client's own
 * thread is not held up by a file, and no answer waits for a send that blocks. A lane queues itself when it has
 * something to write; what comes before its turn goes into the same group.
 */
final class Scribe {
  interface Writes {
    void flush();
  }

  private final BlockingQueue<Writes> queue = new LinkedBlockingQueue<>();

  Scribe() {
    Thread thread = new Thread(() -> {
      try {
        while (true) queue.take().flush();
      } catch (Throwable error) {
        Reports.fatal(error);
      }
    }, "scribe");
    thread.setDaemon(true);
    thread.start();
  }

  void call(Writes lane) {
    queue.add(lane);
  }
}
