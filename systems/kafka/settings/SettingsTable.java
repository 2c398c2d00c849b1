import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.server.config.AbstractKafkaConfig;
import org.apache.kafka.storage.internals.log.LogConfig;

/** Prints the names, types, valid values and defaults of the settings of brokers and topics, from Kafka's own definitions. */
final class SettingsTable {
  public static void main(String[] args) {
    Map<String, ConfigDef> places = new LinkedHashMap<>();
    places.put("broker", AbstractKafkaConfig.CONFIG_DEF);
    places.put("topic", LogConfig.configDefCopy());
    StringJoiner table = new StringJoiner(",", "{", "}");
    places.forEach((place, definition) -> table.add(quoted(place) + ":" + settings(definition)));
    System.out.println(table);
  }

  private static String settings(ConfigDef definition) {
    StringJoiner settings = new StringJoiner(",", "{", "}");
    new TreeMap<>(definition.configKeys()).forEach((name, key) -> settings.add(quoted(name) + ":" + rule(key)));
    return settings.toString();
  }

  private static String rule(ConfigDef.ConfigKey key) {
    StringJoiner rule = new StringJoiner(",", "{", "}");
    rule.add("\"type\":" + quoted(key.type.name().toLowerCase(Locale.ROOT)));
    String valid = key.validator == null ? "" : key.validator.toString();
    if (!valid.isEmpty() && !valid.contains("@")) rule.add("\"valid\":" + quoted(valid));
    if (key.hasDefault() && key.defaultValue != null) rule.add("\"default\":" + quoted(text(key.defaultValue)));
    return rule.toString();
  }

  private static String text(Object value) {
    return value instanceof Class<?> type ? type.getName() : String.valueOf(value);
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
