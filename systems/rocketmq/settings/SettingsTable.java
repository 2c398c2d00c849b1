import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Prints the names, types, valid values and defaults of RocketMQ's settings as JSON. A setting is what the configuration
 * file can set: MixAll.properties2Object calls the setters with one argument of these types and ignores everything else.
 */
final class SettingsTable {
  private static final Map<String, String> TYPES =
      Map.of("int", "int", "Integer", "int", "long", "long", "Long", "long", "double", "double", "Double", "double",
          "boolean", "boolean", "Boolean", "boolean", "float", "double", "String", "string");

  /** Places, and the names of the classes that a process of this place reads; 4.x keeps some in other packages. */
  private static final Map<String, List<String>> PLACES = new LinkedHashMap<>();

  static {
    PLACES.put("broker", List.of("common.BrokerConfig", "store.config.MessageStoreConfig", "remoting.netty.NettyServerConfig",
        "remoting.netty.NettyClientConfig", "auth.config.AuthConfig"));
    PLACES.put("nameServer", List.of("common.namesrv.NamesrvConfig", "remoting.netty.NettyServerConfig"));
    PLACES.put("controller", List.of("common.ControllerConfig"));
  }

  public static void main(String[] args) throws ReflectiveOperationException {
    StringJoiner table = new StringJoiner(",", "{", "}");
    for (Map.Entry<String, List<String>> place : PLACES.entrySet()) {
      Map<String, String> settings = new TreeMap<>();
      for (String name : place.getValue()) {
        try {
          read(Class.forName("org.apache.rocketmq." + name), settings);
        } catch (ClassNotFoundException absent) {
          // This version has no such class.
        }
      }
      StringJoiner rules = new StringJoiner(",", "{", "}");
      settings.forEach((name, rule) -> rules.add(quoted(name) + ":" + rule));
      table.add(quoted(place.getKey()) + ":" + rules);
    }
    System.out.println(table);
  }

  private static void read(Class<?> type, Map<String, String> settings) throws ReflectiveOperationException {
    Object defaults = type.getDeclaredConstructor().newInstance();
    for (Method setter : type.getMethods()) {
      if (!setter.getName().startsWith("set") || setter.getName().length() < 4 || setter.getParameterCount() != 1) continue;
      String settingType = TYPES.get(setter.getParameterTypes()[0].getSimpleName());
      if (settingType == null) continue;
      String suffix = setter.getName().substring(3);
      StringJoiner rule = new StringJoiner(",", "{", "}").add("\"type\":" + quoted(settingType));
      List<String> words = words(type, setter.getName());
      if (!words.isEmpty()) rule.add("\"valid\":" + quoted("[" + String.join(", ", words) + "]"));
      String value = defaultOf(type, defaults, suffix);
      if (value != null) rule.add("\"default\":" + quoted(value));
      settings.put(suffix.substring(0, 1).toLowerCase(java.util.Locale.ROOT) + suffix.substring(1), rule.toString());
    }
  }

  /** The constants of an enum that another setter of the same name takes: the text is turned into one of them. */
  private static List<String> words(Class<?> type, String setter) {
    for (Method method : type.getMethods()) {
      if (method.getName().equals(setter) && method.getParameterCount() == 1 && method.getParameterTypes()[0].isEnum())
        return Arrays.stream(method.getParameterTypes()[0].getEnumConstants()).map(word -> ((Enum<?>) word).name())
            .collect(Collectors.toCollection(ArrayList::new));
    }
    return List.of();
  }

  /** The default, unless it depends on the machine that prints the table. */
  private static String defaultOf(Class<?> type, Object defaults, String suffix) throws ReflectiveOperationException {
    for (String prefix : List.of("get", "is")) {
      try {
        Object value = type.getMethod(prefix + suffix).invoke(defaults);
        if (value == null) return null;
        String text = value.toString();
        boolean ofMachine = text.contains("/") || text.contains(java.io.File.separator) || suffix.contains("IP")
            || suffix.matches("BrokerName|BrokerIP.*") || suffix.matches(".*(ThreadPoolNums|ThreadNums|Threads|ThreadPoolNum|ThreadCount)");
        return ofMachine ? null : text;
      } catch (NoSuchMethodException absent) {
        // The other prefix, or no getter at all.
      }
    }
    return null;
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\r", "\\r").replace("\u0001", "\\u0001").replace("\u0002", "\\u0002") + '"';
  }
}
