package orders;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the scenario with the command line: its exit code is the result, its output says what was lost and why. */
class OrdersTest {
  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void ordersOutliveTheirLeader() throws Exception {
    assertEquals(0, lossproof("run", "orders.yaml", "--results", "target/lossproof"));
  }

  private static int lossproof(String... words) throws Exception {
    var command = new java.util.ArrayList<>(java.util.List.of("npx", "--no-install", "lossproof"));
    command.addAll(java.util.List.of(words));
    return new ProcessBuilder(command).directory(new File(".")).inheritIO().start().waitFor();
  }
}
