package lossproof;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/** What this process tells the harness: a JSON object a line on standard output. Notes for people go to standard error. */
final class Reports {
  private static final int MAX_NOTES = 200;
  private static final FileOutputStream OUT = new FileOutputStream(FileDescriptor.out);
  private static int notes;

  private Reports() {}

  static synchronized void tell(String line) {
    try {
      OUT.write(line.getBytes(StandardCharsets.UTF_8));
    } catch (IOException gone) {
      // Nobody is left to work for.
      Runtime.getRuntime().halt(0);
    }
  }

  /** A library that fails in a loop must not fill the engine's memory. */
  static synchronized void note(String text) {
    if (notes++ < MAX_NOTES) System.err.println(text);
  }

  /** The last word of a process that cannot go on. */
  static void fatal(Throwable error) {
    StringWriter stack = new StringWriter();
    error.printStackTrace(new PrintWriter(stack));
    tell(new Line().put("type", "fatal").put("error", stack.toString()).end());
    Runtime.getRuntime().halt(1);
  }
}
