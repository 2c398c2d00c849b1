package lossproof;

/**
 * One record as delivered.
 *
 * @param s -1 when it is none of the lane's messages, which counts for offsets alone
 * @param delivery which of its deliveries this is, from 1, where the broker counts them; else 0
 */
record Message(long s, int p, long o, int delivery) {
  Message(long s, int p, long o) {
    this(s, p, o, 0);
  }
}
