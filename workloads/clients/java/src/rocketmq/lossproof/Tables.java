package lossproof;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.producer.DefaultMQProducer;

/** What this client knows, as JSON: the harness ships it as data, and a test holds the data against it. */
final class Tables {
  /** What the driver decides itself, what needs calls that it does not make, and what is the client's own business. */
  private static final Set<String> OURS = Set.of(
      "accessChannel", "backPressureForAsyncSendNumInsideAdjust", "backPressureForAsyncSendSizeInsideAdjust", "clientIP", "consumerGroup", "createTopicKey",
      "enableTrace", "instanceName", "language", "namespace", "namespaceV2", "namesrvAddr", "producerGroup", "socksProxyConfig", "traceMsgBatchNum",
      "traceTopic", "unitMode", "unitName", "useTLS", "vipChannelEnabled", "sendMessageWithVIPChannel");
  private static final Set<String> VARYING = Set.of("clientCallbackExecutorThreads", "consumeTimestamp");

  private Tables() {}

  static String of(String table) throws ReflectiveOperationException {
    return switch (table) {
      case "answers" -> answers();
      case "settings" -> new Line().raw("producer", Beans.describe(new DefaultMQProducer("a"), OURS, VARYING))
          .raw("consumer", Beans.describe(new DefaultMQPushConsumer("a"), OURS, VARYING)).end();
      default -> throw new IllegalArgumentException("no such table: " + table);
    };
  }

  /** Each code, by its number: what it means without a remark; and each remark that means another thing, as `code remark`. */
  private static String answers() {
    Line line = new Line();
    Answers.names().keySet().forEach(code -> line.put(String.valueOf(code), meaning(code, "")));
    for (Map.Entry<Integer, List<String>> entry : Answers.BEFORE_STORE.entrySet()) {
      for (String remark : entry.getValue()) line.put(entry.getKey() + " " + remark, meaning(entry.getKey(), remark));
    }
    return line.end();
  }

  private static String meaning(int code, String remark) {
    if (Answers.STATUSES.contains(code)) return Answers.nameOf(code);
    return Answers.isRejected(code, remark) ? "rejected" : "unknown";
  }
}
