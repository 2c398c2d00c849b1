package lossproof;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A lane of Kafka's producer. Every record is a send() of its own, and the client collects them into batches. */
final class KafkaProducerLane extends ProducerLane {
  private final KafkaProducer<byte[], byte[]> producer;
  private final Metric retries;

  KafkaProducerLane(JsonNode lane, String process, Clock clock, Scribe scribe) throws IOException {
    super(lane, process, clock, scribe);
    producer = new KafkaProducer<>(Settings.of(lane), new ByteArraySerializer(), new ByteArraySerializer());
    retries = producer.metrics().entrySet().stream()
        .filter(entry -> entry.getKey().name().equals("record-retry-total") && entry.getKey().group().equals("producer-metrics"))
        .findFirst().orElseThrow().getValue();
  }

  /** Waits until the client knows the topic's leaders. */
  @Override
  protected void open() {
    producer.partitionsFor(topic);
  }

  @Override
  protected boolean recordsSent() {
    return true;
  }

  @Override
  protected void shut(long limitMs) {
    producer.close(Duration.ofMillis(limitMs));
  }

  @Override
  protected void leave(List<Attempt> due) {
    double retriesBefore = retriesSoFar();
    for (Attempt attempt : due) {
      Completion completion = new Completion(attempt, retriesBefore);
      byte[] value = Payload.encode(id, attempt.s, sizeBytes);
      byte[] key = keys == 0 ? null : Payload.key(attempt.s, keys);
      try {
        producer.send(new ProducerRecord<>(topic, attempt.send.partition, key, value), completion);
      } catch (RuntimeException error) {
        // Thrown instead of passed to the callback. The record may have entered the buffer before.
        completion.end(null, error, false);
      }
    }
  }

  /**
   * The client may complete a record twice (when it meets an error after the record entered the buffer). The first call
   * counts.
   */
  private final class Completion implements Callback {
    private final Attempt attempt;
    /** The client's counter of retries before the record was sent. */
    private final double retriesBefore;
    private boolean completed;

    Completion(Attempt attempt, double retriesBefore) {
      this.attempt = attempt;
      this.retriesBefore = retriesBefore;
    }

    @Override
    public void onCompletion(RecordMetadata metadata, Exception error) {
      end(metadata, error, isSending());
    }

    void end(RecordMetadata metadata, Exception error, boolean insideSend) {
      synchronized (this) {
        if (completed) return;
        completed = true;
      }
      String failure = error == null ? null : Answers.codeOf(error);
      if (error != null) failed(attempt, Answers.isRejected(error, insideSend, retriesBefore == retriesSoFar()), failure);
      // There is no offset with acks=0, and none for a duplicate whose offset the broker no longer knows.
      else acked(attempt, attempt.send.partition, metadata.hasOffset() ? metadata.offset() : -1, null);
      ended(attempt, failure);
    }
  }

  /**
   * Number of records that the client has retried. It counts them before their next attempt can leave
   * (Sender.reenqueueBatch).
   */
  private double retriesSoFar() {
    return ((Number) retries.metricValue()).doubleValue();
  }
}
