package lossproof;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/** The payload of a message: {@code LP1 <crc32 hex> <lane> <number> ....}, the same as in workloads/payload.ts. */
final class Payload {
  private static final byte[] MESSAGE = "LP1".getBytes(StandardCharsets.US_ASCII);
  private static final int CRC_START = 4;
  private static final int CRC_END = 13;
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private Payload() {}

  static byte[] encode(String lane, long s, int sizeBytes) {
    byte[] head = (lane + " " + s + " ").getBytes(StandardCharsets.UTF_8);
    byte[] value = new byte[Math.max(sizeBytes, CRC_END + head.length)];
    Arrays.fill(value, (byte) '.');
    System.arraycopy(MESSAGE, 0, value, 0, MESSAGE.length);
    value[MESSAGE.length] = ' ';
    value[CRC_END - 1] = ' ';
    System.arraycopy(head, 0, value, CRC_END, head.length);
    long crc = checksum(value);
    for (int at = 0; at < 8; at++) value[CRC_START + at] = (byte) HEX[(int) (crc >> (28 - 4 * at)) & 15];
    return value;
  }

  /** The key of message `s` of a lane with that many keys. */
  static byte[] key(long s, int keys) {
    return ("k" + s % keys).getBytes(StandardCharsets.US_ASCII);
  }

  /** Returns the message's number, or -1 for a fence, a foreign record or a damaged record. */
  static long decode(byte[] value, String lane) {
    if (value == null || value.length < CRC_END || !Arrays.equals(value, 0, MESSAGE.length, MESSAGE, 0, MESSAGE.length)) return -1;
    long crc = checksum(value);
    for (int at = 0; at < 8; at++) if (value[CRC_START + at] != (byte) HEX[(int) (crc >> (28 - 4 * at)) & 15]) return -1;
    byte[] owner = (lane + " ").getBytes(StandardCharsets.UTF_8);
    int at = CRC_END + owner.length;
    if (value.length <= at || !Arrays.equals(value, CRC_END, at, owner, 0, owner.length)) return -1;
    long s = 0;
    for (; at < value.length && value[at] != ' '; at++) {
      if (value[at] < '0' || value[at] > '9') return -1;
      s = s * 10 + value[at] - '0';
    }
    return s;
  }

  private static long checksum(byte[] value) {
    CRC32 crc = new CRC32();
    crc.update(MESSAGE);
    crc.update(value, CRC_END, value.length - CRC_END);
    return crc.getValue();
  }
}
