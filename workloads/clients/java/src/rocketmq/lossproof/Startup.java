package lossproof;

import java.util.function.Supplier;
import org.apache.rocketmq.client.ClientConfig;
import org.apache.rocketmq.client.impl.MQClientManager;
import org.apache.rocketmq.remoting.RPCHook;

/**
 * RocketMQ's clients look through the host's network interfaces as they are made. Where one vanishes meanwhile, as those of other
 * trials' clusters do, NetworkUtil of 5.5.0 finds no address, and the client ends in a NullPointerException.
 */
final class Startup {
  private static final int TRIES = 50;
  private static final long PAUSE_MS = 20;

  private Startup() {}

  /** Makes it, again where that fails so. */
  static <T> T made(Supplier<T> maker) {
    for (int left = TRIES; ; left--) {
      try {
        return maker.get();
      } catch (NullPointerException vanished) {
        if (left == 1) throw vanished;
        pause(vanished);
      }
    }
  }

  /** What its start would make, and then finds: a start that has failed cannot be repeated. */
  static void prepare(ClientConfig client, RPCHook hook) {
    made(() -> MQClientManager.getInstance().getOrCreateMQClientInstance(client, hook));
  }

  private static void pause(NullPointerException vanished) {
    try {
      Thread.sleep(PAUSE_MS);
    } catch (InterruptedException stopped) {
      throw vanished;
    }
  }
}
