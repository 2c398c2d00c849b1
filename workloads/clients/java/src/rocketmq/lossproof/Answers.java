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
 * What a broker's answer to one request says about its messages; the same table as workloads/rocketmq-remoting/answers.ts, where its
 * sources are named.
 */
final class Answers {
  /** The message is in the master's commit log; whether that acknowledges it is the lane's to say. */
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
  /** How the remark begins of an answer that came before the message could be appended. */
  static final Map<Integer, List<String>> BEFORE_STORE = Map.of(
      ResponseCode.SYSTEM_BUSY,
      List.of("[REJECTREQUEST]", "[OVERLOAD]", "[TIMEOUT_CLEAN_QUEUE]", "[PCBUSY_CLEAN_QUEUE]", "[PC_SYNCHRONIZED]"),
      ResponseCode.SYSTEM_ERROR,
      List.of("[PC_SYNCHRONIZED]", "in-sync replicas not enough", "create mapped file failed", "broker unable to service, until", "request queueId["));
  private static final Map<Integer, String> NAMES = names();

  private Answers() {}

  static boolean isRejected(int code, String remark) {
    return REFUSALS.contains(code) || BEFORE_STORE.getOrDefault(code, List.of()).stream().anyMatch(start -> remark != null && remark.startsWith(start));
  }

  /** `SEND_OK`, `SYSTEM_BUSY`. */
  static String nameOf(int code) {
    return code == ResponseCode.SUCCESS ? "SEND_OK" : NAMES.getOrDefault(code, "CODE_" + code);
  }

  /** What ended a send that no answer ended: the name of the error that the client wrapped. */
  static String codeOf(Throwable error) {
    Throwable told = error instanceof MQClientException && error.getCause() != null ? error.getCause() : error;
    return told instanceof MQBrokerException broker ? nameOf(broker.getResponseCode()) : told.getClass().getSimpleName();
  }

  /** By code. */
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
