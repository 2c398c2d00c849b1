package lossproof;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The file to which this process writes the records of one lane. When {@code write} has returned, the kernel has the
 * lines, by one write(2), and they survive a SIGKILL of the process.
 */
final class LaneFile implements AutoCloseable {
  private final FileOutputStream out;

  LaneFile(String path, String lane, String role, String process, String client) throws IOException {
    this(path, lane, role, process, client, true);
  }

  /** @param awaits whether the application looks at the answers to its sends */
  LaneFile(String path, String lane, String role, String process, String client, boolean awaits) throws IOException {
    Files.createDirectories(Path.of(path).getParent());
    out = new FileOutputStream(path, true);
    Line header = new Line().put("lane", lane).put("role", role).put("process", process).put("client", client);
    if (!awaits) header.put("awaits", false);
    write(header.end());
  }

  /** Writes complete lines. Throws when the disk is full. */
  void write(String lines) throws IOException {
    out.write(lines.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
