package lossproof;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Writes the answers of all lanes in a thread of its own, so that a client's thread does not wait for a file, and no
 * answer waits for a send that blocks. A lane queues itself when it has something to write. Answers that arrive before
 * its turn are written by the same write(2).
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
