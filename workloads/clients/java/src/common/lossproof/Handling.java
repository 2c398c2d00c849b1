package lossproof;

import com.fasterxml.jackson.databind.JsonNode;

/** What the application does with a message; see Handling in model/plan.ts. */
record Handling(
    String commit, boolean async, boolean perMessage, boolean worker, double processMs, long poisonEvery, String onPoison, int attempts) {

  static Handling of(JsonNode node) {
    return new Handling(
        node.path("commit").asText("library"),
        node.path("commitCall").asText("sync").equals("async"),
        node.path("unit").asText("message").equals("message"),
        node.path("processing").asText("inline").equals("worker"),
        node.path("processMs").asDouble(0),
        node.path("poisonEvery").asLong(0),
        node.path("onPoison").asText("swallow"),
        node.path("attempts").asInt(1));
  }

  boolean isPoison(long s) {
    return poisonEvery > 0 && (s + 1) % poisonEvery == 0;
  }

  boolean commitsBefore() {
    return commit.equals("before");
  }

  boolean commitsAfter() {
    return commit.equals("after");
  }
}
