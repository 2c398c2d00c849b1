package lossproof;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;

/** A lane's settings under Kafka's documented names, unchanged. Settings that the driver decides replace them. */
final class Settings {
  private Settings() {}

  static Properties of(JsonNode lane) {
    Properties properties = new Properties();
    lane.path("settings").properties().forEach(setting -> properties.put(setting.getKey(), setting.getValue().asText()));
    StringBuilder bootstrap = new StringBuilder();
    lane.path("bootstrap").forEach(address -> bootstrap.append(bootstrap.length() == 0 ? "" : ",").append(address.asText()));
    properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap.toString());
    properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, lane.path("clientId").asText());
    return properties;
  }
}
