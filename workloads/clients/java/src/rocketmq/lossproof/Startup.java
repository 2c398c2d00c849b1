package lossproof;

import java.util.function.Supplier;
import org.apache.rocketmq.client.ClientConfig;
import org.apache.rocketmq.client.impl.MQClientManager;
import org.apache.rocketmq.remoting.RPCHook;

/**
 * Creates clients, again if that fails. The constructors look through the host's network interfaces. When one
 * disappears meanwhile, as those of other trials' clusters do, NetworkUtil of 5.5.0 throws a NullPointerException.
 */
final class Startup {
  private static final int TRIES = 50;
  private static final long PAUSE_MS = 20;

  private Startup() {}

  /** Calls the constructor again after such a failure. */
  static <T> T create(Supplier<T> constructor) {
    for (int left = TRIES; ; left--) {
      try {
        return constructor.get();
      } catch (NullPointerException vanished) {
        if (left == 1) throw vanished;
        pause(vanished);
      }
    }
  }

  /**
   * Creates the instance that the client's start would create and then finds. A start that has failed cannot be
   * repeated.
   */
  static void prepare(ClientConfig client, RPCHook hook) {
    create(() -> MQClientManager.getInstance().getOrCreateMQClientInstance(client, hook));
  }

  private static void pause(NullPointerException vanished) {
    try {
      Thread.sleep(PAUSE_MS);
    } catch (InterruptedException stopped) {
      throw vanished;
    }
  }
}
