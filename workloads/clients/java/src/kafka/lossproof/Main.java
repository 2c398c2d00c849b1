package lossproof;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** A client process that uses Kafka's own Java client. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws Exception {
    ClientProcess.run(new Kafka(), arguments);
  }

  private static final class Kafka implements ClientProcess.Library {
    @Override
    public Lane producer(JsonNode lane, String process, Clock clock, Scribe scribe) throws IOException {
      return new KafkaProducerLane(lane, process, clock, scribe);
    }

    @Override
    public Lane consumer(JsonNode lane, String process, Clock clock) throws IOException {
      return new KafkaConsumerLane(lane, process, clock);
    }

    @Override
    public Lane alone(JsonNode lane) {
      return new AloneLane(lane);
    }

    @Override
    public String table(String name) {
      return Tables.of(name);
    }
  }
}
