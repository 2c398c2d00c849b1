package lossproof;

import java.util.Map;

/** One lane of this process, whatever its role. */
interface Lane {
  String id();

  /** Returns when the lane is ready for its work. */
  void connect() throws Exception;

  void pause();

  void resume();

  /** The lane's counters since it began, by name; what is missing is 0. */
  Map<String, Long> status();

  /** Ends it; when this has returned, nothing more is written. */
  void stop(long drainMs, long closeMs) throws InterruptedException;
}
