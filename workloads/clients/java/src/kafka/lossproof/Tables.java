package lossproof;

import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.protocol.Errors;

/** Tables of this client as JSON. The harness contains a copy of them as data, and a test compares the two. */
final class Tables {
  private Tables() {}

  static String of(String table) {
    return switch (table) {
      case "answers" -> answers();
      case "settings" -> settings();
      default -> throw new IllegalArgumentException("unknown table \"" + table + "\", expected answers or settings");
    };
  }

  /** How each error of the protocol is classified when it is the answer to the only attempt. */
  private static String answers() {
    Line line = new Line();
    for (Errors error : Errors.values()) {
      if (error.exception() != null) line.put(error.name(), Answers.isRejected(error.exception(), false, true) ? "rejected" : "unknown");
    }
    return line.end();
  }

  private static String settings() {
    return new Line().raw("producer", names(ProducerConfig.configDef())).raw("consumer", names(ConsumerConfig.configDef())).end();
  }

  /** Each setting with its type, valid values and default. */
  private static String names(ConfigDef definition) {
    Line line = new Line();
    for (Map.Entry<String, ConfigDef.ConfigKey> entry : new TreeMap<>(definition.configKeys()).entrySet()) {
      ConfigDef.ConfigKey key = entry.getValue();
      Line one = new Line().put("type", key.type.name().toLowerCase(java.util.Locale.ROOT));
      if (key.validator != null) one.put("valid", key.validator.toString());
      if (key.hasDefault() && key.defaultValue != null) one.put("default", key.defaultValue.toString());
      line.raw(entry.getKey(), one.end().strip());
    }
    return line.end().strip();
  }
}
