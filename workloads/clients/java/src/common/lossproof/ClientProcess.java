package lossproof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A client process that uses a system's own Java client. It reads the commands of workloads/messages.ts as JSON lines
 * from standard input, and sends reports to standard output. It exits when the harness is gone, because standard input
 * ends then.
 *
 * With the argument `answers`, `settings` or `payload` it prints that table instead. With the argument `alone` its
 * producer sends as fast as it can and records nothing, for measurements.
 */
final class ClientProcess {
  /** What a client library provides. */
  interface Library {
    Lane producer(JsonNode lane, String process, Clock clock, Scribe scribe) throws Exception;

    Lane consumer(JsonNode lane, String process, Clock clock) throws Exception;

    /** A producer that records nothing. Optional. */
    default Lane alone(JsonNode lane) throws Exception {
      throw new UnsupportedOperationException("the mode alone is not supported by this client");
    }

    /** A table as JSON: `answers` or `settings`. */
    String table(String name) throws Exception;
  }

  private static final long STATUS_MS = 25;
  private static final long DRAIN_MS = 5000;
  private static final long CLOSE_MS = 2000;

  /** The fields of LaneStatus in workloads/messages.ts. */
  private static final List<String> COUNTERS = List.of("sent", "acked", "rejected", "unknown", "inFlight", "overflow", "spooled",
      "delivered", "processed", "parked", "committed", "uncommitted", "backlog");

  private final List<Lane> lanes = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
    Thread thread = new Thread(task, "status");
    thread.setDaemon(true);
    return thread;
  });
  private final Library library;
  private final boolean alone;
  private final Scribe scribe = new Scribe();
  private final Object stopping = new Object();
  private boolean paused = true;
  private long pauses;
  private boolean done;

  static void run(Library library, String[] arguments) throws Exception {
    boolean alone = List.of(arguments).contains("alone");
    if (arguments.length > 0 && !alone) {
      System.out.print(arguments[0].equals("payload") ? payload() : library.table(arguments[0]));
      return;
    }
    Thread.setDefaultUncaughtExceptionHandler((thread, error) -> Reports.fatal(error));
    new ClientProcess(library, alone).handleCommands();
  }

  private ClientProcess(Library library, boolean alone) {
    this.library = library;
    this.alone = alone;
  }

  /** A payload and this process's clock, for a test that compares them with those of the harness. */
  private static String payload() {
    String value = new String(Payload.encode("lane-a", 42, 100), StandardCharsets.UTF_8);
    return new Line().put("value", value).put("nanoTime", System.nanoTime()).end();
  }

  private void handleCommands() throws Exception {
    // SIGTERM stops the process gracefully. The halt gives exit code 0; without it the JVM would exit with that of the
    // signal.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      terminate();
      Runtime.getRuntime().halt(0);
    }, "stop"));
    BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    ObjectMapper json = new ObjectMapper();
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      JsonNode command = json.readTree(line);
      switch (command.path("type").asText()) {
        case "start" -> start(command.path("config"));
        case "pause" -> pause();
        case "resume" -> resume();
        case "stop" -> {
          stop();
          Runtime.getRuntime().halt(0);
        }
        default -> throw new IllegalArgumentException("unknown command: " + line);
      }
    }
    Runtime.getRuntime().halt(0);
  }

  private void start(JsonNode config) throws Exception {
    Clock clock = new Clock(config.path("t0").asText());
    String process = config.path("process").asText();
    boolean producing = config.path("role").asText().equals("producer");
    List<Lane> started = new ArrayList<>();
    for (JsonNode lane : config.path("lanes")) {
      if (alone) started.add(library.alone(lane));
      else started.add(producing ? library.producer(lane, process, clock, scribe) : library.consumer(lane, process, clock));
    }
    eachAtOnce(started, Lane::connect);
    lanes.addAll(started);
    timer.scheduleAtFixedRate(this::report, STATUS_MS, STATUS_MS, TimeUnit.MILLISECONDS);
    Reports.send(new Line().put("type", "ready").end());
  }

  private synchronized void pause() {
    paused = true;
    pauses += 1;
    lanes.forEach(Lane::pause);
    report();
  }

  private synchronized void resume() {
    paused = false;
    lanes.forEach(Lane::resume);
  }

  /** The trial is over. It is not the application's end, so open answers are waited for. */
  private void stop() {
    end(lane -> lane.stop(DRAIN_MS, CLOSE_MS));
  }

  /** SIGTERM: each application ends as it does. */
  private void terminate() {
    end(lane -> {
      switch (lane.ending()) {
        case ANSWERS -> lane.stop(DRAIN_MS, CLOSE_MS);
        case CLOSE -> lane.stop(0, CLOSE_MS);
        case NONE -> lane.abandon();
      }
    });
  }

  /** A second call waits for the first one. */
  private void end(Act act) {
    synchronized (stopping) {
      if (done) return;
      try {
        eachAtOnce(lanes, act);
      } catch (InterruptedException error) {
        Reports.fatal(error);
      }
      reportDone();
    }
  }

  private synchronized void reportDone() {
    done = true;
    Reports.send(new Line().put("type", "done").raw("lanes", statuses()).end());
  }

  private synchronized void report() {
    if (done) return;
    Reports.send(new Line().put("type", "status").put("paused", paused).put("pauses", pauses).raw("lanes", statuses()).end());
  }

  private String statuses() {
    Line all = new Line();
    for (Lane lane : lanes) {
      Map<String, Long> status = lane.status();
      Line one = new Line();
      for (String counter : COUNTERS) one.put(counter, status.getOrDefault(counter, 0L));
      all.raw(lane.id(), one.end().strip());
    }
    return all.end().strip();
  }

  private interface Act {
    void on(Lane lane) throws Exception;
  }

  private static void eachAtOnce(List<Lane> lanes, Act act) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (Lane lane : lanes) {
      Thread thread = new Thread(() -> {
        try {
          act.on(lane);
        } catch (Exception error) {
          Reports.fatal(error);
        }
      }, "command-" + lane.id());
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) thread.join();
  }
}
