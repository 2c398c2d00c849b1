package lossproof;

/**
 * Decides when sends are due, like workloads/load-schedule.ts. It is an open loop: a stalled broker does not slow the
 * load down. A pause shifts the whole schedule. Not thread-safe.
 */
final class LoadSchedule {
  private final double intervalMs;
  /** When send number 0 was due, plus the length of all pauses since; NaN before the first resume. */
  private double start = Double.NaN;
  private double pausedAt = Double.NaN;
  private long due;

  LoadSchedule(double sendsPerSec) {
    intervalMs = 1000 / sendsPerSec;
  }

  void pause(double now) {
    if (Double.isNaN(pausedAt)) pausedAt = now;
  }

  void resume(double now) {
    if (Double.isNaN(start)) start = now;
    else if (!Double.isNaN(pausedAt)) start += now - pausedAt;
    pausedAt = Double.NaN;
  }

  /** When the next send is due; infinity before the start and while paused. */
  double next() {
    return Double.isNaN(start) || !Double.isNaN(pausedAt) ? Double.POSITIVE_INFINITY : start + due * intervalMs;
  }

  /** Takes the next send if it is due, and returns the time at which it was intended; else NaN. */
  double take(double now) {
    double next = next();
    if (next > now) return Double.NaN;
    due += 1;
    return next;
  }
}
