package orders;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
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

  /** Its output becomes output of the test: Maven uses the streams of this process itself. */
  private static int lossproof(String... words) throws Exception {
    var command = new ArrayList<>(List.of("npx", "--no-install", "lossproof"));
    command.addAll(List.of(words));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    try (var output = process.inputReader()) {
      output.lines().forEach(System.out::println);
    }
    return process.waitFor();
  }
}
