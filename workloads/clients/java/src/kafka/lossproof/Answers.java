package lossproof;

import java.util.Set;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.protocol.Errors;

/**
 * Classifies the error of a callback as rejected or unknown.
 *
 * The client retries internally, and the callback gets only the last error. A refusal proves that the record is not
 * stored only when it was the answer to the only attempt, which the lane checks with the client's counter of retries. A
 * timeout proves nothing, except inside send(): then the record never entered the client's buffer.
 */
final class Answers {
  /**
   * The codes of before-append.ts, except CLUSTER_AUTHORIZATION_FAILED and UNSUPPORTED_VERSION: this client also ends
   * batches with them that it has already sent (Sender.maybeAbortBatches).
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

  /**
   * The protocol's name of the error where the class belongs to it, else the class name. A TimeoutException is usually
   * the client's own.
   */
  static String codeOf(Throwable error) {
    Errors known = Errors.forException(error);
    boolean exact = known.exception() != null && known.exception().getClass() == error.getClass();
    return exact && known != Errors.REQUEST_TIMED_OUT ? known.name() : error.getClass().getSimpleName();
  }
}
