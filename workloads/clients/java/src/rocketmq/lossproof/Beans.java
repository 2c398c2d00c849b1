package lossproof;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** RocketMQ's clients are configured by setters, whose names are the documented ones: they are called by name here. */
final class Beans {
  private Beans() {}

  /** Every setting of the lane, raw. Throws IllegalArgumentException for one that the client does not have. */
  static void configure(Object bean, JsonNode settings) {
    Map<String, Method> setters = settersOf(bean.getClass());
    settings.properties().forEach(setting -> {
      Method setter = setters.get(setting.getKey());
      if (setter == null) throw new IllegalArgumentException(bean.getClass().getSimpleName() + " has no " + setting.getKey());
      try {
        setter.invoke(bean, valueOf(setter.getParameterTypes()[0], setting.getValue().asText()));
      } catch (ReflectiveOperationException error) {
        throw new IllegalArgumentException("cannot set " + setting.getKey(), error);
      }
    });
  }

  /**
   * Each setting with its type, the values of an enumeration, and its default.
   *
   * @param without settings that are left out
   * @param varying settings whose default is another one on another machine
   */
  static String describe(Object bean, Set<String> without, Set<String> varying) throws ReflectiveOperationException {
    Line all = new Line();
    for (Map.Entry<String, Method> entry : settersOf(bean.getClass()).entrySet()) {
      if (without.contains(entry.getKey())) continue;
      Class<?> type = entry.getValue().getParameterTypes()[0];
      Line one = new Line().put("type", type.isEnum() ? "string" : type.getSimpleName().toLowerCase(java.util.Locale.ROOT));
      if (type.isEnum()) one.put("valid", Arrays.stream(type.getEnumConstants()).map(Object::toString).collect(Collectors.joining(", ", "[", "]")));
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
        .orElseThrow(() -> new IllegalArgumentException("no " + type.getSimpleName() + " " + text));
  }

  private static Object defaultOf(Object bean, String name) throws ReflectiveOperationException {
    String upper = Character.toUpperCase(name.charAt(0)) + name.substring(1);
    for (String getter : new String[] {"get" + upper, "is" + upper}) {
      try {
        return bean.getClass().getMethod(getter).invoke(bean);
      } catch (NoSuchMethodException other) {
        // The next spelling.
      }
    }
    return null;
  }
}
