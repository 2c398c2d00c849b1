package lossproof;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * One lane of a consumer: the poll loop of an application. The client's auto commit happens inside poll() and close().
 * The application commits as {@code handling} says.
 *
 * All records that a poll returns count as delivered at once. An exception leaves the loop and is caught at its top:
 * the positions are set back (unit message: to the first record that was not handled; unit batch: to the first of the
 * poll), and the loop polls again. A stop in the middle of a poll does the same, so that the close does not commit
 * unhandled records.
 */
final class KafkaConsumerLane implements Lane, ConsumerRebalanceListener {
  private static final Duration POLL = Duration.ofMillis(100);
  /** Pause after an exception, so that endless redelivery is not a busy loop. */
  private static final long BACKOFF_MS = 200;

  private final String id;
  private final String topic;
  private final Handling handling;
  private final ConsumerFile file;
  private final Positions positions;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Handler handler;
  private final Worker worker;
  private final Thread thread;
  private final CountDownLatch joined = new CountDownLatch(1);
  private volatile boolean stopping;
  private volatile long workerLimitMs;

  KafkaConsumerLane(JsonNode lane, String process, Clock clock) throws IOException {
    id = lane.path("lane").asText();
    topic = lane.path("topic").asText();
    handling = Handling.of(lane.path("handling"));
    positions = new Positions(handling.commitsHighest());
    file = new ConsumerFile(new LaneFile(lane.path("file").asText(), id, "consumer", process, lane.path("client").asText()), clock);
    Properties properties = Settings.of(lane);
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, lane.path("group").asText());
    properties.putIfAbsent(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    if (!handling.commit().equals("library")) properties.putIfAbsent(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.put(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG, CommitWitness.class.getName());
    properties.put(CommitWitness.LANE, this);
    consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    handler = new Handler(handling, file, Path.of(lane.path("stores").asText("."), "parked-" + process + ".jsonl"));
    worker = handling.worker() ? new Worker(id, handling.workers(), handler, positions::handled) : null;
    thread = new Thread(this::consume, "lane-" + id);
    thread.setDaemon(true);
  }

  @Override
  public String id() {
    return id;
  }

  /** Returns when it has joined the group. */
  @Override
  public void connect() throws InterruptedException {
    thread.start();
    joined.await();
  }

  @Override
  public void pause() {}

  @Override
  public void resume() {}

  @Override
  public Map<String, Long> status() {
    Map<String, Long> status = file.status();
    status.put("committed", positions.committed());
    status.put("uncommitted", positions.uncommitted());
    if (worker != null) status.put("backlog", worker.backlog());
    return status;
  }

  @Override
  public void stop(long drainMs, long closeMs) throws InterruptedException {
    workerLimitMs = drainMs / 2;
    stopping = true;
    consumer.wakeup();
    thread.join(drainMs);
    file.close();
  }

  /** Called when the coordinator has confirmed a commit. `o` is the next offset to read. */
  void committed(int p, long o) {
    file.committed(p, o);
    positions.committed(p, o);
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    joined.countDown();
  }

  /**
   * Commits handled records before another member gets the partition, when the application commits after processing.
   */
  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    if (handling.commitsAfter()) commitSync(positions.unconfirmed(partitions));
    positions.forget(partitions);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    positions.forget(partitions);
  }

  private void consume() {
    try {
      consumer.subscribe(List.of(topic), this);
      while (!stopping) pollOnce();
      if (worker != null) {
        worker.end(workerLimitMs);
        if (handling.commitsAfter()) commit(positions.takeHandled(topic));
      }
    } catch (Throwable error) {
      Reports.fatal(error);
    }
    // Default options: with auto commit it commits the position, and it leaves the group.
    consumer.close();
  }

  private void pollOnce() throws InterruptedException {
    ConsumerRecords<byte[], byte[]> polled;
    try {
      polled = consumer.poll(POLL);
    } catch (WakeupException stop) {
      return;
    }
    List<Message> messages = new ArrayList<>(polled.count());
    Map<TopicPartition, OffsetAndMetadata> polledTo = new HashMap<>();
    for (TopicPartition partition : polled.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> records = polled.records(partition);
      long next = records.get(records.size() - 1).offset() + 1;
      positions.delivered(partition.partition(), records.get(0).offset(), next);
      polledTo.put(partition, new OffsetAndMetadata(next));
      for (ConsumerRecord<byte[], byte[]> record : records) {
        messages.add(new Message(Payload.decode(record.value(), id), record.partition(), record.offset()));
      }
    }
    file.delivered(messages);
    if (handling.commitsBefore() && !handling.perMessage()) commit(polledTo);
    int handled = 0;
    try {
      for (; handled < messages.size() && !stopping; handled++) handle(messages.get(handled));
    } catch (Handler.PoisonException error) {
      Reports.note(error.getMessage());
      goBack(messages, handling.perMessage() ? handled : 0);
      Thread.sleep(BACKOFF_MS);
      return;
    }
    if (handled < messages.size()) goBack(messages, handled);
    if (handling.commitsAfter()) commit(positions.takeHandled(topic));
  }

  private void handle(Message message) throws InterruptedException {
    if (handling.commitsBefore() && handling.perMessage()) commit(offsetAfter(message));
    if (worker != null) {
      positions.handed(message);
      worker.hand(message);
      return;
    }
    handler.handle(message);
    positions.handled(message);
    if (handling.commitsAfter() && handling.perMessage()) commit(positions.takeHandled(topic));
  }

  private Map<TopicPartition, OffsetAndMetadata> offsetAfter(Message message) {
    return Map.of(new TopicPartition(topic, message.p()), new OffsetAndMetadata(message.o() + 1));
  }

  /** Sets each partition back to its first message from index `from` on, so that it is polled again. */
  private void goBack(List<Message> messages, int from) {
    Map<TopicPartition, Long> first = new HashMap<>();
    for (Message message : messages.subList(from, messages.size())) {
      first.putIfAbsent(new TopicPartition(topic, message.p()), message.o());
    }
    first.keySet().retainAll(consumer.assignment());
    first.forEach(consumer::seek);
  }

  /** An asynchronous commit is not retried. CommitWitness records confirmed commits. */
  private void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
    if (!handling.async()) commitSync(offsets);
    else if (!offsets.isEmpty()) consumer.commitAsync(offsets, (requested, error) -> noteFailed(error));
  }

  private void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
    if (offsets.isEmpty()) return;
    try {
      try {
        consumer.commitSync(offsets);
      } catch (WakeupException stop) {
        consumer.commitSync(offsets);
      }
    } catch (KafkaException error) {
      noteFailed(error);
    }
  }

  private void noteFailed(Exception error) {
    if (error != null) Reports.note("commit failed: " + error);
  }
}
