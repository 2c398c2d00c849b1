package lossproof;

/** Milliseconds since the trial began, on the clock that all processes of a machine share: nanoTime is CLOCK_MONOTONIC on Linux. */
final class Clock {
  private final long zero;

  /** @param t0 the trial's zero, nanoseconds, decimal */
  Clock(String t0) {
    zero = Long.parseLong(t0);
  }

  /** To the microsecond. */
  double now() {
    return (System.nanoTime() - zero) / 1000 / 1000.0;
  }
}
