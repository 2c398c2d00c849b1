package lossproof;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** For measurements: sends as fast as the in-flight limit allows, without history, schedule or message numbers. */
final class AloneLane implements Lane {
  private final String id;
  private final String topic;
  private final int partitions;
  private final int batch;
  private final byte[] value;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Semaphore free;
  private final AtomicLong acked = new AtomicLong();
  private volatile boolean ended;

  AloneLane(JsonNode lane) {
    JsonNode workload = lane.path("workload");
    id = lane.path("lane").asText();
    topic = lane.path("topic").asText();
    partitions = lane.path("partitions").asInt();
    batch = workload.path("batch").asInt();
    value = Payload.encode(id, 0, workload.path("sizeBytes").asInt());
    free = new Semaphore(workload.path("maxInFlight").asInt() * batch);
    producer = new KafkaProducer<>(Settings.of(lane), new ByteArraySerializer(), new ByteArraySerializer());
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public void connect() {
    producer.partitionsFor(topic);
  }

  @Override
  public void pause() {}

  @Override
  public void resume() {
    Thread thread = new Thread(this::send, "lane-" + id);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public Map<String, Long> status() {
    return Map.of("acked", acked.get());
  }

  @Override
  public void stop(long drainMs, long closeMs) {
    ended = true;
  }

  private void send() {
    for (long sends = 0; !ended; sends++) {
      int partition = (int) (sends % partitions);
      free.acquireUninterruptibly(batch);
      for (int at = 0; at < batch; at++) {
        producer.send(new ProducerRecord<>(topic, partition, null, value), (metadata, error) -> {
          if (error == null) acked.incrementAndGet();
          free.release();
        });
      }
    }
  }
}
