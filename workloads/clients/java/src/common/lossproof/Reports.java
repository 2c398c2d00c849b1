package lossproof;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/** Sends reports to the harness: one JSON object per line on standard output. Notes for people go to standard error. */
final class Reports {
  private static final int MAX_NOTES = 200;
  private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.out);
  private static int notes;

  private Reports() {}

  static synchronized void send(String line) {
    try {
      OUT.write(line.getBytes(StandardCharsets.UTF_8));
    } catch (IOException gone) {
      // The harness is gone.
      Runtime.getRuntime().halt(0);
    }
  }

  /** Limited, because a library that fails in a loop must not fill the container engine's log. */
  static synchronized void note(String text) {
    if (notes++ < MAX_NOTES) System.err.println(text);
  }

  /** Reports an error that the process cannot recover from, and exits. */
  static void fatal(Throwable error) {
    StringWriter stack = new StringWriter();
    error.printStackTrace(new PrintWriter(stack));
    send(new Line().put("type", "fatal").put("error", stack.toString()).end());
    Runtime.getRuntime().halt(1);
  }
}
