package lossproof;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Handles messages in a thread of its own while the poll loop continues. An exception of the handler is only printed,
 * as in an executor whose results nobody reads.
 */
final class Worker {
  /** A full queue blocks the poll loop, as a bounded queue of an application does. */
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
        // A stop has reached its limit. Queued messages stay unhandled.
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

  /** Number of messages that were handed over and not handled yet. */
  long backlog() {
    return left.get();
  }

  /** Waits until all queued messages have been handled, at most for the limit. */
  void end(long limitMs) throws InterruptedException {
    if (queue.offer(END)) thread.join(limitMs);
    thread.interrupt();
    thread.join(limitMs);
  }
}
