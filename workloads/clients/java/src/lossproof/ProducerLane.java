package lossproof;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * One lane of a producer: sends what is due from a thread of its own, since send() may block, and writes down every
 * record before it leaves and every answer once it is there. Counters mean what they mean in workloads/producer-lane.ts: what the
 * in-flight limit counts is a send, of one or more records.
 */
final class ProducerLane implements Lane, Scribe.Writes {
  /** Sends that one look at the clock may start. */
  private static final int BURST = 2000;
  /** Looks at the clock are at least so far apart, so that a fast lane writes in groups. */
  private static final double PUMP_MS = 1;
  private static final long IDLE_MS = 50;

  private final String id;
  private final String topic;
  private final int partitions;
  private final int sizeBytes;
  private final int batch;
  private final int maxInFlight;
  private final long messages;
  private final int attempts;
  private final double backoffMs;
  private final Clock clock;
  private final Scribe scribe;
  private final LaneFile file;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Metric retries;
  private final LoadSchedule schedule;
  private final Thread thread;
  // All below: guarded by this.
  private boolean ended;
  private boolean closed;
  private long next;
  private long made;
  private long sends;
  /** Waiting for their next attempt, the soonest first: every wait is as long as any other. */
  private final Deque<Attempt> again = new ArrayDeque<>();
  private int open;
  private long openMessages;
  private long acked;
  private long rejected;
  private long unknown;
  private long overflow;
  /** Answers that have come and are not written yet: they count when they are. */
  private Line answerLines = new Line();
  private final List<Answer> answers = new ArrayList<>();

  ProducerLane(JsonNode lane, String process, Clock clock, Scribe scribe) throws IOException {
    this.scribe = scribe;
    JsonNode workload = lane.path("workload");
    id = lane.path("lane").asText();
    topic = lane.path("topic").asText();
    partitions = lane.path("partitions").asInt();
    sizeBytes = workload.path("sizeBytes").asInt();
    batch = workload.path("batch").asInt();
    maxInFlight = workload.path("maxInFlight").asInt();
    messages = workload.path("messages").asLong(Long.MAX_VALUE);
    attempts = lane.path("sending").path("attempts").asInt(1);
    backoffMs = lane.path("sending").path("backoffMs").asDouble(0);
    next = lane.path("firstNumber").asLong(0);
    this.clock = clock;
    schedule = new LoadSchedule(workload.path("ratePerSec").asDouble() / batch);
    file = new LaneFile(lane.path("file").asText(), id, "producer", process, lane.path("client").asText());
    Properties properties = Settings.of(lane);
    producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    retries = producer.metrics().entrySet().stream()
        .filter(entry -> entry.getKey().name().equals("record-retry-total") && entry.getKey().group().equals("producer-metrics"))
        .findFirst().orElseThrow().getValue();
    thread = new Thread(this::pumpOn, "lane-" + id);
    thread.setDaemon(true);
  }

  @Override
  public String id() {
    return id;
  }

  /** Knows the topic's leaders, so that the first send need not wait for them. */
  @Override
  public void connect() {
    producer.partitionsFor(topic);
    thread.start();
  }

  @Override
  public synchronized void pause() {
    schedule.pause(clock.now());
  }

  @Override
  public synchronized void resume() {
    schedule.resume(clock.now());
    notifyAll();
  }

  @Override
  public synchronized Map<String, Long> status() {
    return Map.of("sent", made, "acked", acked, "rejected", rejected, "unknown", unknown, "inFlight", openMessages, "overflow", overflow);
  }

  /** Ends the load and waits for answers; what is unanswered after the limit stays unanswered. */
  @Override
  public void stop(long drainMs, long closeMs) throws InterruptedException {
    synchronized (this) {
      ended = true;
      notifyAll();
      for (double deadline = clock.now() + drainMs; openMessages > 0 && clock.now() < deadline; ) wait(5);
    }
    Thread closing = new Thread(() -> producer.close(Duration.ofMillis(closeMs)), "close-" + id);
    closing.setDaemon(true);
    closing.start();
    closing.join(closeMs);
    synchronized (this) {
      flush();
      closed = true;
      try {
        file.close();
      } catch (IOException error) {
        Reports.fatal(error);
      }
    }
  }

  private void pumpOn() {
    try {
      while (true) {
        for (Attempt attempt : takeDue()) leave(attempt);
        synchronized (this) {
          if (ended) return;
          double soonest = again.isEmpty() ? schedule.next() : Math.min(schedule.next(), again.peek().dueAt);
          double until = Math.max(soonest - clock.now(), PUMP_MS);
          wait((long) Math.ceil(Math.min(until, IDLE_MS)));
        }
      }
    } catch (Throwable error) {
      Reports.fatal(error);
    }
  }

  /** Writes down every record that is due, for the first time or again. Sends beyond the in-flight limit are counted and not sent. */
  private synchronized List<Attempt> takeDue() throws IOException {
    List<Attempt> leaving = new ArrayList<>();
    if (ended) return leaving;
    // What came before stands before: times in a file do not run backwards.
    flush();
    Line lines = new Line();
    double now = clock.now();
    double retriesBefore = retriesSoFar();
    while (!again.isEmpty() && again.peek().dueAt <= now) {
      Attempt attempt = again.poll();
      lines.put("op", "sent").put("s", attempt.s).put("p", attempt.send.partition).put("t", now).put("n", attempt.n).next();
      leaving.add(attempt.after(retriesBefore));
    }
    for (int taken = 0; taken < BURST; taken++) {
      double intended = schedule.take(now);
      if (Double.isNaN(intended)) break;
      if (open >= maxInFlight) {
        overflow += batch;
        continue;
      }
      long first = next;
      int count = (int) Math.min(batch, messages - first);
      if (count <= 0) break;
      int partition = (int) (sends++ % partitions);
      long late = Math.round(now - intended);
      Attempt.Send send = new Attempt.Send(partition, count);
      for (long s = first; s < first + count; s++) {
        leaving.add(new Attempt(this, send, s, 1).after(retriesBefore));
        lines.put("op", "sent").put("s", s).put("p", partition).put("t", now);
        if (late >= 1) lines.put("d", late);
        lines.next();
      }
      next += count;
      made += count;
      open += 1;
      openMessages += count;
    }
    if (!leaving.isEmpty()) file.write(lines.toString());
    return leaving;
  }

  private void leave(Attempt attempt) {
    try {
      producer.send(new ProducerRecord<>(topic, attempt.send.partition, null, Payload.encode(id, attempt.s, sizeBytes)), attempt);
    } catch (RuntimeException error) {
      // Thrown, not told to the callback: it may have come after the record entered the buffer.
      attempt.end(null, error, false);
    }
  }

  /** Whether this is the thread that sends. */
  boolean isSending() {
    return Thread.currentThread() == thread;
  }

  synchronized void answered(Attempt attempt, RecordMetadata metadata, Exception error, boolean insideSend) {
    if (closed) return;
    double t = clock.now();
    boolean refused = error != null && Answers.isRejected(error, insideSend, attempt.retriesBefore == retriesSoFar());
    boolean last = error == null || attempt.n >= attempts;
    if (error == null) {
      answerLines.put("op", "acked").put("s", attempt.s).put("p", attempt.send.partition);
      // None with acks=0, and for a duplicate of which the broker has forgotten where it lies.
      if (metadata.hasOffset()) answerLines.put("o", metadata.offset());
      answerLines.put("t", t);
    } else {
      answerLines.put("op", refused ? "rejected" : "unknown").put("s", attempt.s).put("t", t).put("c", Answers.codeOf(error));
    }
    if (attempt.n > 1) answerLines.put("n", attempt.n);
    answerLines.next();
    if (error != null && last) answerLines.put("op", "gave-up").put("s", attempt.s).put("t", t).put("c", Answers.codeOf(error)).next();
    if (answers.isEmpty()) scribe.call(this);
    answers.add(new Answer(attempt, error == null, refused, last, t));
  }

  private record Answer(Attempt attempt, boolean isAck, boolean refused, boolean last, double t) {}

  /** Writes down the answers that have come, and counts them. */
  @Override
  public synchronized void flush() {
    if (closed || answers.isEmpty()) return;
    try {
      file.write(answerLines.toString());
    } catch (IOException full) {
      Reports.fatal(full);
    }
    answerLines = new Line();
    answers.forEach(this::count);
    answers.clear();
    // Somebody may wait for the last of them.
    if (ended || !again.isEmpty()) notifyAll();
  }

  private void count(Answer answer) {
    Attempt attempt = answer.attempt;
    if (answer.isAck) acked += 1;
    else if (answer.refused) rejected += 1;
    else unknown += 1;
    if (!answer.last) {
      again.add(new Attempt(this, attempt.send, attempt.s, attempt.n + 1).due(answer.t + backoffMs));
      return;
    }
    openMessages -= 1;
    if (--attempt.send.left == 0) open -= 1;
  }

  /** Records that the client has sent again so far; it counts them before their next attempt can leave (Sender.reenqueueBatch). */
  private double retriesSoFar() {
    return ((Number) retries.metricValue()).doubleValue();
  }
}
