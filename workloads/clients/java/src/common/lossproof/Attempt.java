package lossproof;

/** One attempt of one message. */
final class Attempt {
  /** One send, which the in-flight limit counts. Guarded by its lane. */
  static final class Send {
    /** The partition that the workload chose. */
    final int partition;
    /** Messages that have not ended. */
    int left;

    Send(int partition, int count) {
      this.partition = partition;
      left = count;
    }
  }

  final Send send;
  final long s;
  /** Number of this attempt of the message, counting attempts of the application and, where visible, of the client. */
  final int n;
  /** Number of the application's attempt that it belongs to. */
  private final int round;
  /** When it may leave, on the trial's clock. */
  double dueAt;
  /** When it was due by the schedule; NaN for a repeated attempt. */
  private double intendedAt = Double.NaN;

  Attempt(Send send, long s, int n) {
    this(send, s, n, 1);
  }

  private Attempt(Send send, long s, int n, int round) {
    this.send = send;
    this.s = s;
    this.n = n;
    this.round = round;
  }

  Attempt intended(double at) {
    intendedAt = at;
    return this;
  }

  long lateMs(double now) {
    return Double.isNaN(intendedAt) ? 0 : Math.round(now - intendedAt);
  }

  /** The application's next attempt, not before `at`. */
  Attempt next(double at) {
    Attempt next = new Attempt(send, s, n + 1, round + 1);
    next.dueAt = at;
    return next;
  }

  /** The client's own next attempt. */
  Attempt again() {
    return new Attempt(send, s, n + 1, round);
  }

  /** Whether it is the last of the application's `rounds` attempts. */
  boolean isLast(int rounds) {
    return round >= rounds;
  }
}
