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

  /** What the application does at a SIGTERM. */
  default Sending.Ending ending() {
    return Sending.Ending.ANSWERS;
  }

  /** Writes what has happened, and nothing more. The client is not closed. */
  default void abandon() {}

  /** Ends the lane. Nothing is written after this has returned. */
  void stop(long drainMs, long closeMs) throws InterruptedException;
}
