package lossproof;

/** One attempt of one message. */
final class Attempt {
  /** What the in-flight limit counts; guarded by its lane. */
  static final class Send {
    /** Where the workload wants it to go. */
    final int partition;
    /** Messages without a last answer. */
    int left;

    Send(int partition, int count) {
      this.partition = partition;
      left = count;
    }
  }

  final Send send;
  final long s;
  /** Which attempt of the message it is: the application's, and the client's own where those are seen. */
  final int n;
  /** Which attempt of the application it belongs to. */
  private final int round;
  /** When it may leave, on the trial's clock. */
  double dueAt;
  /** When the schedule wanted it to; NaN for one that is made again. */
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

  /** The application's next, not before `at`. */
  Attempt next(double at) {
    Attempt next = new Attempt(send, s, n + 1, round + 1);
    next.dueAt = at;
    return next;
  }

  /** The client's own next. */
  Attempt again() {
    return new Attempt(send, s, n + 1, round);
  }

  /** Whether the application, which makes so many, makes no further one. */
  boolean isLast(int rounds) {
    return round >= rounds;
  }
}
