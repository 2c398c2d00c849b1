package lossproof;

import com.fasterxml.jackson.databind.JsonNode;

/** What the application does with a message; see Handling in model/plan.ts. */
record Handling(
    String commit,
    boolean async,
    boolean perMessage,
    boolean worker,
    int workers,
    boolean commitsHighest,
    double processMs,
    long slowEvery,
    double slowMs,
    long poisonEvery,
    String onPoison,
    int attempts) {

  static Handling of(JsonNode node) {
    return new Handling(
        node.path("commit").asText("library"),
        node.path("commitCall").asText("sync").equals("async"),
        node.path("unit").asText("message").equals("message"),
        node.path("processing").asText("inline").equals("worker"),
        node.path("workers").asInt(1),
        node.path("commitPoint").asText("contiguous").equals("highest"),
        node.path("processMs").asDouble(0),
        node.path("slowEvery").asLong(0),
        node.path("slowMs").asDouble(0),
        node.path("poisonEvery").asLong(0),
        node.path("onPoison").asText("swallow"),
        node.path("attempts").asInt(1));
  }

  boolean isPoison(long s) {
    return poisonEvery > 0 && (s + 1) % poisonEvery == 0;
  }

  /** Duration of the work on message `s`, ms. */
  double workMs(long s) {
    return slowEvery > 0 && (s + 1) % slowEvery == 0 ? slowMs : processMs;
  }

  boolean commitsBefore() {
    return commit.equals("before");
  }

  boolean commitsAfter() {
    return commit.equals("after");
  }
}
