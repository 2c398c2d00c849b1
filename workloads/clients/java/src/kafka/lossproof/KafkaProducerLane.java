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

/** A lane of Kafka's producer: every record is a send() of its own, and the client gathers them into batches. */
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

  /** Knows the topic's leaders. */
  @Override
  protected void open() {
    producer.partitionsFor(topic);
  }

  @Override
  protected boolean tellsSent() {
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
      Told told = new Told(attempt, retriesBefore);
      try {
        producer.send(new ProducerRecord<>(topic, attempt.send.partition, null, Payload.encode(id, attempt.s, sizeBytes)), told);
      } catch (RuntimeException error) {
        // Thrown, not told to the callback: it may have come after the record entered the buffer.
        told.end(null, error, false);
      }
    }
  }

  /** The client may tell of a record twice (an error state met after it entered the buffer): the first counts. */
  private final class Told implements Callback {
    private final Attempt attempt;
    /** What the client had retried before it left. */
    private final double retriesBefore;
    private boolean told;

    Told(Attempt attempt, double retriesBefore) {
      this.attempt = attempt;
      this.retriesBefore = retriesBefore;
    }

    @Override
    public void onCompletion(RecordMetadata metadata, Exception error) {
      end(metadata, error, isSending());
    }

    void end(RecordMetadata metadata, Exception error, boolean insideSend) {
      synchronized (this) {
        if (told) return;
        told = true;
      }
      String failure = error == null ? null : Answers.codeOf(error);
      if (error != null) failed(attempt, Answers.isRejected(error, insideSend, retriesBefore == retriesSoFar()), failure);
      // No offset with acks=0, and for a duplicate of which the broker has forgotten where it lies.
      else acked(attempt, attempt.send.partition, metadata.hasOffset() ? metadata.offset() : -1, null);
      ended(attempt, failure);
    }
  }

  /** Records that the client has sent again so far; it counts them before their next attempt can leave (Sender.reenqueueBatch). */
  private double retriesSoFar() {
    return ((Number) retries.metricValue()).doubleValue();
  }
}
