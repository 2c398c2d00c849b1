package lossproof;

/**
 * Milliseconds since the start of the trial, on the clock that all processes share: nanoTime is CLOCK_MONOTONIC on
 * Linux.
 */
final class Clock {
  private final long zero;

  /** @param t0 start of the trial in nanoseconds, decimal */
  Clock(String t0) {
    zero = Long.parseLong(t0);
  }

  /** With microsecond precision. */
  double now() {
    return (System.nanoTime() - zero) / 1000 / 1000.0;
  }
}
