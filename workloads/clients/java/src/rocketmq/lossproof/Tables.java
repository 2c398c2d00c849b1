package lossproof;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.producer.DefaultMQProducer;

/** Tables of this client as JSON. The harness contains a copy of them as data, and a test compares the two. */
final class Tables {
  /**
   * Settings that the driver sets itself, that need calls which it does not make, or that are internal to the client.
   */
  private static final Set<String> EXCLUDED = Set.of(
      "accessChannel", "backPressureForAsyncSendNumInsideAdjust", "backPressureForAsyncSendSizeInsideAdjust", "clientIP",
      "consumerGroup", "createTopicKey", "enableTrace", "instanceName", "language", "namespace", "namespaceV2", "namesrvAddr",
      "producerGroup", "socksProxyConfig", "traceMsgBatchNum", "traceTopic", "unitMode", "unitName", "useTLS",
      "vipChannelEnabled", "sendMessageWithVIPChannel");
  /** Settings whose default depends on the machine. */
  private static final Set<String> VARYING = Set.of("clientCallbackExecutorThreads", "consumeTimestamp");

  private Tables() {}

  static String of(String table) throws ReflectiveOperationException {
    return switch (table) {
      case "answers" -> answers();
      case "settings" -> new Line().raw("producer", Beans.describe(new DefaultMQProducer("a"), EXCLUDED, VARYING))
          .raw("consumer", Beans.describe(new DefaultMQPushConsumer("a"), EXCLUDED, VARYING)).end();
      default -> throw new IllegalArgumentException("unknown table \"" + table + "\", expected answers or settings");
    };
  }

  /** The classification of each code without a remark, and of each `code remark` where a remark changes it. */
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
