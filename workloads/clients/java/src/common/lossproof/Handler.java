package lossproof;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The application's handler. It records a message as processed before it returns, or as failed before it applies
 * onPoison.
 */
final class Handler {
  private final Handling handling;
  private final ConsumerFile file;
  private final Path parked;

  /** @param parked local store of parked messages, created with the first of them */
  Handler(Handling handling, ConsumerFile file, Path parked) {
    this.handling = handling;
    this.file = file;
    this.parked = parked;
  }

  /** The handler's result: done, deliver again later, or nothing, like a handler that forgets to return a result. */
  enum Handled { DONE, LATER, NOTHING }

  /**
   * Throws PoisonException where onPoison is throw. Where the broker counts deliveries, each delivery is one attempt,
   * and the next delivery is the next attempt.
   */
  Handled handle(Message message) throws InterruptedException {
    if (message.s() < 0) return Handled.DONE;
    if (!handling.isPoison(message.s())) {
      work(message);
      file.processed(message);
      return Handled.DONE;
    }
    int first = Math.max(1, message.delivery());
    for (int attempt = first; attempt <= Math.max(first, handling.attempts()); attempt++) {
      work(message);
      file.failed(message, attempt);
      if (message.delivery() > 0 && attempt < handling.attempts()) return Handled.LATER;
    }
    switch (handling.onPoison()) {
      case "throw" -> throw new PoisonException(message);
      case "park" -> park(message);
      case "reconsume-later" -> {
        return Handled.LATER;
      }
      case "return-null" -> {
        return Handled.NOTHING;
      }
      default -> { }
    }
    return Handled.DONE;
  }

  /** Writes the store first, so that every message recorded as parked is in it. */
  private void park(Message message) {
    Line line = new Line().put("s", message.s()).put("p", message.p()).put("o", message.o());
    String row = line.put("reason", "failed " + handling.attempts() + " times").end();
    try {
      Files.createDirectories(parked.getParent());
      Files.write(
          parked, row.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND, StandardOpenOption.SYNC);
    } catch (IOException full) {
      Reports.fatal(full);
    }
    file.parked(message);
  }

  private void work(Message message) throws InterruptedException {
    long micros = Math.round(handling.workMs(message.s()) * 1000);
    if (micros > 0) Thread.sleep(micros / 1000, (int) (micros % 1000) * 1000);
  }

  static final class PoisonException extends RuntimeException {
    PoisonException(Message message) {
      super("message " + message.s() + " cannot be processed");
    }
  }
}
