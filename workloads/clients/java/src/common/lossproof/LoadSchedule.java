package lossproof;

/**
 * When sends are due: an open loop, so that a stalled broker does not slow the load down; the same as
 * workloads/schedule.ts. While paused it stands still. Not thread-safe.
 */
final class LoadSchedule {
  private final double intervalMs;
  /** When send number 0 was due, shifted by all pauses; NaN before the first resume. */
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

  /** When the next send is due, or infinity while none is. */
  double next() {
    return Double.isNaN(start) || !Double.isNaN(pausedAt) ? Double.POSITIVE_INFINITY : start + due * intervalMs;
  }

  /** Takes the next send when it is due by now: the time at which it was intended, else NaN. */
  double take(double now) {
    double next = next();
    if (next > now) return Double.NaN;
    due += 1;
    return next;
  }
}
