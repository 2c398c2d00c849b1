package lossproof;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * One lane of a producer. It sends what is due from a thread of its own, because a client may block. It records every
 * message before it leaves, and every answer. Counters mean the same as in workloads/producer-lane.ts.
 */
abstract class ProducerLane implements Lane, Scribe.Writes {
  /** Limit of sends that one turn of the loop starts. */
  private static final int BURST = 2000;
  /** Least time between two turns of the loop, so that a fast lane writes records in groups. */
  private static final double PUMP_MS = 1;
  private static final long IDLE_MS = 50;
  private static final double STOP_LIMIT_MS = 30_000;

  protected final String id;
  protected final String topic;
  protected final int partitions;
  protected final int sizeBytes;
  protected final int maxInFlight;
  /** Number of different keys; 0: messages have no keys. */
  protected final int keys;
  private final int batch;
  private final long messages;
  private final Sending sending;
  private final Clock clock;
  private final Scribe scribe;
  private final LaneFile file;
  private final LoadSchedule schedule;
  private final Thread thread;
  // All fields below are guarded by this.
  /** No new messages are sent; those in flight may still be sent again. */
  private boolean ended;
  /** Nothing is sent any more. */
  private boolean over;
  private boolean closed;
  private long next;
  private long made;
  private long sends;
  /** Messages that wait for their next attempt, the next one first. */
  private final Deque<Attempt> again = new ArrayDeque<>();
  private int open;
  private long openMessages;
  private long acked;
  private long rejected;
  private long unknown;
  private long overflow;
  /** Answers that have arrived and are not written yet. They are counted when they are written. */
  private Line answerLines = new Line();
  private final List<Answer> answers = new ArrayList<>();

  ProducerLane(JsonNode lane, String process, Clock clock, Scribe scribe) throws IOException {
    this.scribe = scribe;
    this.clock = clock;
    JsonNode workload = lane.path("workload");
    id = lane.path("lane").asText();
    topic = lane.path("topic").asText();
    partitions = lane.path("partitions").asInt();
    sizeBytes = workload.path("sizeBytes").asInt();
    batch = workload.path("batch").asInt();
    maxInFlight = workload.path("maxInFlight").asInt();
    keys = workload.path("keys").asInt(0);
    messages = workload.path("messages").asLong(Long.MAX_VALUE);
    sending = Sending.of(lane.path("sending"));
    next = lane.path("firstNumber").asLong(0);
    schedule = new LoadSchedule(workload.path("ratePerSec").asDouble() / batch);
    file = new LaneFile(lane.path("file").asText(), id, "producer", process, lane.path("client").asText(), sending.awaits());
    thread = new Thread(this::pumpOn, "lane-" + id);
    thread.setDaemon(true);
  }

  /** Returns when the client has the topic's metadata, so that the first send does not wait for it. */
  protected abstract void open() throws Exception;

  /**
   * Hands these to the client, in their order. Messages of one send are adjacent. The subclass reports the result of
   * each with {@code acked} or {@code failed}, and its end with {@code ended}. They are recorded as sent before this
   * call when {@code recordsSent} returns true; otherwise the subclass records them, before they leave.
   */
  protected abstract void leave(List<Attempt> due);

  protected abstract boolean recordsSent();

  /** Closes the client. Sends in flight may stay unanswered. */
  protected abstract void shut(long limitMs);

  @Override
  public final String id() {
    return id;
  }

  @Override
  public final void connect() throws Exception {
    open();
    thread.start();
  }

  @Override
  public final synchronized void pause() {
    schedule.pause(clock.now());
  }

  @Override
  public final synchronized void resume() {
    schedule.resume(clock.now());
    notifyAll();
  }

  @Override
  public final synchronized Map<String, Long> status() {
    return Map.of("sent", made, "acked", acked, "rejected", rejected, "unknown", unknown, "inFlight", openMessages, "overflow", overflow);
  }

  @Override
  public final Sending.Ending ending() {
    return sending.ending();
  }

  @Override
  public final synchronized void abandon() {
    over = true;
    closeFile();
  }

  /**
   * Ends the load and waits for answers, including those of repeated sends, as long as some come. What is unanswered
   * after {@code silenceMs} without any answer stays unanswered.
   */
  @Override
  public final void stop(long silenceMs, long closeMs) throws InterruptedException {
    synchronized (this) {
      ended = true;
      notifyAll();
      double since = clock.now();
      double deadline = since + STOP_LIMIT_MS;
      for (long last = -1; openMessages > 0 && clock.now() < Math.min(since + silenceMs, deadline); wait(5)) {
        long answered = acked + rejected + unknown;
        if (answered != last) since = clock.now();
        last = answered;
      }
      over = true;
      notifyAll();
    }
    thread.join(closeMs);
    Thread closing = new Thread(() -> shut(closeMs), "close-" + id);
    closing.setDaemon(true);
    closing.start();
    closing.join(closeMs);
    closeFile();
  }

  private synchronized void closeFile() {
    flush();
    closed = true;
    try {
      file.close();
    } catch (IOException error) {
      Reports.fatal(error);
    }
  }

  private void pumpOn() {
    try {
      while (true) {
        List<Attempt> due = takeDue();
        if (!due.isEmpty()) leave(due);
        synchronized (this) {
          if (over) return;
          double fresh = ended ? Double.POSITIVE_INFINITY : schedule.next();
          double soonest = again.isEmpty() ? fresh : Math.min(fresh, again.peek().dueAt);
          double until = Math.max(soonest - clock.now(), PUMP_MS);
          wait((long) Math.ceil(Math.min(until, IDLE_MS)));
        }
      }
    } catch (Throwable error) {
      Reports.fatal(error);
    }
  }

  /** Takes every message that is due, for the first time or again. Sends beyond the in-flight limit are only counted. */
  private synchronized List<Attempt> takeDue() throws IOException {
    List<Attempt> leaving = new ArrayList<>();
    if (over) return leaving;
    double now = clock.now();
    while (!again.isEmpty() && again.peek().dueAt <= now) leaving.add(again.poll());
    for (int taken = 0; !ended && taken < BURST; taken++) {
      double intended = schedule.take(now);
      if (Double.isNaN(intended)) break;
      if (open >= maxInFlight) {
        overflow += batch;
        continue;
      }
      long first = next;
      int count = (int) Math.min(batch, messages - first);
      if (count <= 0) break;
      Attempt.Send send = new Attempt.Send((int) (sends++ % partitions), count);
      for (long s = first; s < first + count; s++) leaving.add(new Attempt(send, s, 1).intended(intended));
      next += count;
      made += count;
      open += 1;
      openMessages += count;
    }
    if (recordsSent()) recordSent(leaving, -1);
    return leaving;
  }

  /** Records them as sent, in one write(2), before they leave: to partition `p`, or with -1 to that of their send. */
  protected final synchronized void recordSent(List<Attempt> leaving, int p) throws IOException {
    if (closed || leaving.isEmpty()) return;
    // Earlier answers are written first, so that times in the file are ascending.
    flush();
    Line lines = new Line();
    double now = clock.now();
    for (Attempt attempt : leaving) {
      lines.put("op", "sent").put("s", attempt.s).put("p", p < 0 ? attempt.send.partition : p).put("t", now);
      if (attempt.n > 1) lines.put("n", attempt.n);
      long late = attempt.lateMs(now);
      if (late >= 1) lines.put("d", late);
      lines.next();
    }
    file.write(lines.toString());
  }

  /** Whether the current thread is the one that sends. */
  protected final boolean isSending() {
    return Thread.currentThread() == thread;
  }

  /** Records an acknowledgement at offset `o` of partition `p`; -1 when the offset is not known. `code` may be null. */
  protected final synchronized void acked(Attempt attempt, int p, long o, String code) {
    if (closed) return;
    answerLines.put("op", "acked").put("s", attempt.s).put("p", p);
    if (o >= 0) answerLines.put("o", o);
    answerLines.put("t", clock.now());
    if (attempt.n > 1) answerLines.put("n", attempt.n);
    if (code != null) answerLines.put("c", code);
    answerLines.next();
    answered(attempt, Answer.Kind.ACKED);
  }

  /** Records an answer that is not an acknowledgement. */
  protected final synchronized void failed(Attempt attempt, boolean isRejected, String code) {
    if (closed) return;
    answerLines.put("op", isRejected ? "rejected" : "unknown").put("s", attempt.s).put("t", clock.now()).put("c", code);
    if (attempt.n > 1) answerLines.put("n", attempt.n);
    answerLines.next();
    answered(attempt, isRejected ? Answer.Kind.REJECTED : Answer.Kind.UNKNOWN);
  }

  /** The client makes no further attempt. With a `failure` the application sends again or gives up. */
  protected final synchronized void ended(Attempt attempt, String failure) {
    if (closed) return;
    boolean gaveUp = failure != null && attempt.isLast(sending.attempts());
    if (gaveUp) answerLines.put("op", "gave-up").put("s", attempt.s).put("t", clock.now()).put("c", failure).next();
    answered(attempt, failure == null || gaveUp ? Answer.Kind.DONE : Answer.Kind.AGAIN);
  }

  private void answered(Attempt attempt, Answer.Kind kind) {
    if (answers.isEmpty()) scribe.call(this);
    answers.add(new Answer(attempt, kind));
  }

  /** Writes the answers that have arrived, and counts them. */
  @Override
  public final synchronized void flush() {
    if (closed || answers.isEmpty()) return;
    try {
      file.write(answerLines.toString());
    } catch (IOException full) {
      Reports.fatal(full);
    }
    answerLines = new Line();
    answers.forEach(this::count);
    answers.clear();
    // A stop may wait for the last of them.
    if (ended || !again.isEmpty()) notifyAll();
  }

  private void count(Answer answer) {
    Attempt attempt = answer.attempt();
    switch (answer.kind()) {
      case ACKED -> acked += 1;
      case REJECTED -> rejected += 1;
      case UNKNOWN -> unknown += 1;
      case AGAIN -> again.add(attempt.next(clock.now() + sending.backoffMs()));
      case DONE -> {
        openMessages -= 1;
        if (--attempt.send.left == 0) open -= 1;
      }
    }
  }
}
