package lossproof;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Handles messages in one or several threads of its own while the poll loop continues. Several threads take messages in
 * order and finish them in any order. An exception of the handler is only printed,
 * as in an executor whose results nobody reads.
 */
final class Worker {
  /** A full queue blocks the poll loop, as a bounded queue of an application does. */
  private static final int QUEUE = 100_000;
  private static final Message END = new Message(-1, -1, -1);
  private final BlockingQueue<Message> queue = new ArrayBlockingQueue<>(QUEUE);
  private final AtomicLong left = new AtomicLong();
  private final List<Thread> threads = new ArrayList<>();

  /** @param handled called with each message when its work is done */
  Worker(String lane, int workers, Handler handler, Consumer<Message> handled) {
    for (int number = 1; number <= workers; number++) {
      Thread thread = new Thread(() -> work(handler, handled), "worker-" + number + "-" + lane);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
  }

  private void work(Handler handler, Consumer<Message> handled) {
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
    long deadline = System.nanoTime() + limitMs * 1_000_000;
    // Each thread takes one mark of the end.
    for (Thread thread : threads) queue.offer(END);
    for (Thread thread : threads) thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
    for (Thread thread : threads) thread.interrupt();
    for (Thread thread : threads) thread.join(limitMs);
  }
}
