package lossproof;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.rocketmq.client.exception.MQBrokerException;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.remoting.protocol.ResponseCode;

/**
 * Classifies a broker's answer to one request. The same table as in workloads/rocketmq-remoting/answers.ts, which lists
 * its sources.
 */
final class Answers {
  /** With these the message is in the master's commit log. The lane decides which of them are acknowledgements. */
  static final Set<Integer> STATUSES =
      Set.of(ResponseCode.SUCCESS, ResponseCode.FLUSH_DISK_TIMEOUT, ResponseCode.FLUSH_SLAVE_TIMEOUT, ResponseCode.SLAVE_NOT_AVAILABLE);
  private static final Set<Integer> REFUSALS = Set.of(
      ResponseCode.REQUEST_CODE_NOT_SUPPORTED,
      ResponseCode.MESSAGE_ILLEGAL,
      ResponseCode.SERVICE_NOT_AVAILABLE,
      ResponseCode.NO_PERMISSION,
      ResponseCode.TOPIC_NOT_EXIST,
      ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST,
      ResponseCode.INVALID_PARAMETER,
      ResponseCode.GO_AWAY);
  /** Prefixes of the remark when the broker answered before it could append the message. */
  static final Map<Integer, List<String>> BEFORE_STORE = Map.of(
      ResponseCode.SYSTEM_BUSY,
      List.of("[REJECTREQUEST]", "[OVERLOAD]", "[TIMEOUT_CLEAN_QUEUE]", "[PCBUSY_CLEAN_QUEUE]", "[PC_SYNCHRONIZED]"),
      ResponseCode.SYSTEM_ERROR,
      List.of(
          "[PC_SYNCHRONIZED]",
          "in-sync replicas not enough",
          "create mapped file failed",
          "broker unable to service, until",
          "request queueId["));
  private static final Map<Integer, String> NAMES = names();

  private Answers() {}

  static boolean isRejected(int code, String remark) {
    List<String> prefixes = BEFORE_STORE.getOrDefault(code, List.of());
    return REFUSALS.contains(code) || prefixes.stream().anyMatch(prefix -> remark != null && remark.startsWith(prefix));
  }

  /** The name of a response code, such as `SEND_OK` or `SYSTEM_BUSY`. */
  static String nameOf(int code) {
    return code == ResponseCode.SUCCESS ? "SEND_OK" : NAMES.getOrDefault(code, "CODE_" + code);
  }

  /** The code of a send that ended without an answer: the name of the error that the client wraps. */
  static String codeOf(Throwable error) {
    Throwable cause = error instanceof MQClientException && error.getCause() != null ? error.getCause() : error;
    return cause instanceof MQBrokerException broker ? nameOf(broker.getResponseCode()) : cause.getClass().getSimpleName();
  }

  /** Names of response codes, by code. */
  static Map<Integer, String> names() {
    Map<Integer, String> names = new TreeMap<>();
    for (Field field : ResponseCode.class.getFields()) {
      if (field.getType() != int.class || !Modifier.isStatic(field.getModifiers())) continue;
      try {
        names.putIfAbsent(field.getInt(null), field.getName());
      } catch (IllegalAccessException hidden) {
        throw new IllegalStateException(hidden);
      }
    }
    return names;
  }
}
