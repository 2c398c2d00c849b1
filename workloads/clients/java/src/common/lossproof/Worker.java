package lossproof;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A thread of its own that handles what the poll loop hands over: the loop goes on meanwhile. What a handler throws here
 * reaches nobody, as in an executor whose results are not looked at.
 */
final class Worker {
  /** A full queue holds the poll loop up, as a bounded queue of an application does. */
  private static final int QUEUE = 100_000;
  private static final Message END = new Message(-1, -1, -1);
  private final BlockingQueue<Message> queue = new ArrayBlockingQueue<>(QUEUE);
  private final AtomicLong left = new AtomicLong();
  private final Thread thread;

  Worker(String lane, Handler handler, Consumer<Message> handled) {
    thread = new Thread(() -> {
      try {
        for (Message message = queue.take(); message != END; message = queue.take()) {
          try {
            handler.handle(message);
          } catch (Handler.PoisonException dropped) {
            Reports.note(dropped.getMessage());
          }
          handled.accept(message);
          left.decrementAndGet();
        }
      } catch (InterruptedException stopped) {
        // The limit of a stop: what is queued stays unhandled.
      } catch (Throwable error) {
        Reports.fatal(error);
      }
    }, "worker-" + lane);
    thread.setDaemon(true);
    thread.start();
  }

  void hand(Message message) throws InterruptedException {
    left.incrementAndGet();
    queue.put(message);
  }

  /** Handed over and not handled yet. */
  long backlog() {
    return left.get();
  }

  /** Waits until what is queued has been handled, up to the limit. */
  void end(long limitMs) throws InterruptedException {
    if (queue.offer(END)) thread.join(limitMs);
    thread.interrupt();
    thread.join(limitMs);
  }
}
