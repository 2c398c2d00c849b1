package lossproof;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Configures RocketMQ's clients through their setters, which are named after the documented settings. */
final class Beans {
  private Beans() {}

  /**
   * Applies every setting of the lane unchanged. Throws IllegalArgumentException for one that the client does not have.
   */
  static void configure(Object bean, JsonNode settings) {
    Map<String, Method> setters = settersOf(bean.getClass());
    settings.properties().forEach(setting -> {
      Method setter = setters.get(setting.getKey());
      if (setter == null) throw new IllegalArgumentException(bean.getClass().getSimpleName() + " has no setting " + setting.getKey());
      try {
        setter.invoke(bean, valueOf(setter.getParameterTypes()[0], setting.getValue().asText()));
      } catch (ReflectiveOperationException error) {
        throw new IllegalArgumentException("cannot set " + setting.getKey(), error);
      }
    });
  }

  /**
   * Describes each setting by its type, the values of an enumeration, and its default.
   *
   * @param excluded settings that are left out
   * @param varying settings whose default depends on the machine, and is left out
   */
  static String describe(Object bean, Set<String> excluded, Set<String> varying) throws ReflectiveOperationException {
    Line all = new Line();
    for (Map.Entry<String, Method> entry : settersOf(bean.getClass()).entrySet()) {
      if (excluded.contains(entry.getKey())) continue;
      Class<?> type = entry.getValue().getParameterTypes()[0];
      Line one = new Line().put("type", type.isEnum() ? "string" : type.getSimpleName().toLowerCase(java.util.Locale.ROOT));
      if (type.isEnum()) {
        Stream<String> values = Arrays.stream(type.getEnumConstants()).map(Object::toString);
        one.put("valid", values.collect(Collectors.joining(", ", "[", "]")));
      }
      Object byDefault = varying.contains(entry.getKey()) ? null : defaultOf(bean, entry.getKey());
      if (byDefault != null) one.put("default", byDefault.toString());
      all.raw(entry.getKey(), one.end().strip());
    }
    return all.end().strip();
  }

  private static Map<String, Method> settersOf(Class<?> type) {
    Map<String, Method> setters = new TreeMap<>();
    for (Method method : type.getMethods()) {
      if (!method.getName().startsWith("set") || method.getParameterCount() != 1 || !isPlain(method.getParameterTypes()[0])) continue;
      String name = method.getName().substring("set".length());
      setters.put(Character.toLowerCase(name.charAt(0)) + name.substring(1), method);
    }
    return setters;
  }

  private static boolean isPlain(Class<?> type) {
    return type == int.class || type == long.class || type == boolean.class || type == String.class || type.isEnum();
  }

  private static Object valueOf(Class<?> type, String text) {
    if (type == int.class) return Integer.parseInt(text);
    if (type == long.class) return Long.parseLong(text);
    if (type == boolean.class) return Boolean.parseBoolean(text);
    if (type == String.class) return text;
    return Stream.of(type.getEnumConstants()).filter(value -> value.toString().equals(text)).findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown " + type.getSimpleName() + " \"" + text + "\""));
  }

  private static Object defaultOf(Object bean, String name) throws ReflectiveOperationException {
    String upper = Character.toUpperCase(name.charAt(0)) + name.substring(1);
    for (String getter : new String[] {"get" + upper, "is" + upper}) {
      try {
        return bean.getClass().getMethod(getter).invoke(bean);
      } catch (NoSuchMethodException other) {
        // The getter may have the other prefix.
      }
    }
    return null;
  }
}
