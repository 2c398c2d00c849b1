package lossproof;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** A client process that uses RocketMQ's own Java client of the remoting protocol. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws Exception {
    ClientProcess.run(new RocketMq(), arguments);
  }

  private static final class RocketMq implements ClientProcess.Library {
    @Override
    public Lane producer(JsonNode lane, String process, Clock clock, Scribe scribe) throws IOException {
      return new RocketProducerLane(lane, process, clock, scribe);
    }

    @Override
    public Lane consumer(JsonNode lane, String process, Clock clock) throws IOException {
      return new RocketConsumerLane(lane, process, clock);
    }

    @Override
    public String table(String name) throws ReflectiveOperationException {
      return Tables.of(name);
    }
  }
}
