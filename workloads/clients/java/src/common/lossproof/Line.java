package lossproof;

/** Builds JSON objects, one per line. */
final class Line {
  private static final int CONTROL_END = 0x20;
  private final StringBuilder text = new StringBuilder(128);
  private boolean first = true;

  Line put(String key, String value) {
    key(key).append('"');
    for (int at = 0; at < value.length(); at++) {
      char c = value.charAt(at);
      if (c == '"' || c == '\\') text.append('\\').append(c);
      else if (c < CONTROL_END) text.append(String.format("\\u%04x", (int) c));
      else text.append(c);
    }
    text.append('"');
    return this;
  }

  Line put(String key, long value) {
    key(key).append(value);
    return this;
  }

  Line put(String key, boolean value) {
    key(key).append(value);
    return this;
  }

  /** Writes milliseconds with microsecond precision. */
  Line put(String key, double ms) {
    long us = Math.max(0, Math.round(ms * 1000));
    key(key).append(us / 1000);
    long rest = us % 1000;
    if (rest > 0) text.append('.').append(digit(rest / 100)).append(digit(rest / 10 % 10)).append(digit(rest % 10));
    return this;
  }

  private static char digit(long value) {
    return (char) ('0' + value);
  }

  /** Puts a value that is JSON already. */
  Line raw(String key, String json) {
    key(key).append(json);
    return this;
  }

  /** Ends the object and its line. The next object may follow. */
  Line next() {
    text.append(first ? "{}\n" : "}\n");
    first = true;
    return this;
  }

  String end() {
    return next().toString();
  }

  @Override
  public String toString() {
    return text.toString();
  }

  private StringBuilder key(String key) {
    return text.append(first ? "{\"" : ",\"").append(unfirst(key)).append("\":");
  }

  private String unfirst(String key) {
    first = false;
    return key;
  }
}
