package lossproof;

import java.util.Map;

/** One lane of this process, whatever its role. */
interface Lane {
  String id();

  /** Returns when the lane is ready for its work. */
  void connect() throws Exception;

  void pause();

  void resume();

  /** The lane's counters since its start, by name. A missing counter is 0. */
  Map<String, Long> status();

  /** Ends the lane. Nothing is written after this has returned. */
  void stop(long drainMs, long closeMs) throws InterruptedException;
}
