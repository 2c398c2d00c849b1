package lossproof;

import java.util.Set;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.protocol.Errors;

/**
 * What the error of a callback says about its record: rejected or unknown.
 *
 * The client retries behind its callback, and the callback tells the last error alone. A refusal proves that the record
 * is not stored only when it was the answer to the only attempt: the lane proves that by the client's counter of
 * retries. A timeout proves nothing, except inside of send(): then the record never entered the client's buffer.
 */
final class Answers {
  /**
   * Codes with which a broker refuses before it appends, as in before-append.ts, but for two with which this client also
   * ends batches that have left: CLUSTER_AUTHORIZATION_FAILED and UNSUPPORTED_VERSION (Sender.maybeAbortBatches).
   */
  static final Set<String> BEFORE_APPEND = Set.of(
      "NOT_ENOUGH_REPLICAS",
      "MESSAGE_TOO_LARGE",
      "RECORD_LIST_TOO_LARGE",
      "INVALID_RECORD",
      "INVALID_TIMESTAMP",
      "INVALID_TOPIC_EXCEPTION",
      "INVALID_REQUIRED_ACKS",
      "POLICY_VIOLATION",
      "TOPIC_AUTHORIZATION_FAILED",
      "UNSUPPORTED_FOR_MESSAGE_FORMAT",
      "UNSUPPORTED_COMPRESSION_TYPE");

  private Answers() {}

  /**
   * @param insideSend the callback came before send() returned
   * @param onlyAttempt the client has retried nothing since send() was called
   */
  static boolean isRejected(Exception error, boolean insideSend, boolean onlyAttempt) {
    if (insideSend) return error instanceof TimeoutException || BEFORE_APPEND.contains(codeOf(error));
    return onlyAttempt && BEFORE_APPEND.contains(codeOf(error));
  }

  /** The protocol's word where the class is the protocol's own, else the class's name: a TimeoutException is the client's as a rule. */
  static String codeOf(Throwable error) {
    Errors known = Errors.forException(error);
    boolean exact = known.exception() != null && known.exception().getClass() == error.getClass();
    return exact && known != Errors.REQUEST_TIMED_OUT ? known.name() : error.getClass().getSimpleName();
  }
}
