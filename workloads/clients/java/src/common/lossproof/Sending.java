package lossproof;

import com.fasterxml.jackson.databind.JsonNode;

/** What the application does about its sends; see Sending in model/workload.ts. */
record Sending(int attempts, double backoffMs, boolean awaits, boolean closes) {
  /** What an application does when it is asked to end. */
  enum Ending {
    /** Waits for open answers, and closes its client. */
    ANSWERS,
    /** Closes its client. */
    CLOSE,
    /** Nothing. */
    NONE
  }

  static Sending of(JsonNode node) {
    return new Sending(
        node.path("attempts").asInt(1),
        node.path("backoffMs").asDouble(0),
        node.path("awaits").asBoolean(true),
        node.path("closes").asBoolean(true));
  }

  Ending ending() {
    if (!closes) return Ending.NONE;
    return awaits ? Ending.ANSWERS : Ending.CLOSE;
  }
}
