package lossproof;

/**
 * A delivered record.
 *
 * @param s number of the message; -1 when the record is not a message of the lane and only its offset counts
 * @param delivery which of its deliveries this is, from 1, where the broker counts them; else 0
 */
record Message(long s, int p, long o, int delivery) {
  Message(long s, int p, long o) {
    this(s, p, o, 0);
  }
}
