package lossproof;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.RPCHook;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.RequestCode;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
import org.apache.rocketmq.remoting.protocol.route.BrokerData;
import org.apache.rocketmq.remoting.protocol.route.TopicRouteData;

/**
 * Maps addresses and queues for a lane's client. Advertised addresses in the answers of name servers are replaced by
 * those of the proxies of its role, before the client sees them. Each queue has the partition number that the harness
 * gave it.
 */
abstract class AddressMapper implements RPCHook {
  /** Mapped addresses by advertised address. */
  private final Map<String, String> addresses = new HashMap<>();
  private final List<MessageQueue> queues = new ArrayList<>();
  private final List<String> groups;
  /** Names of broker groups by mapped address. */
  private final Map<String, String> brokerNames = new ConcurrentHashMap<>();
  private final String nameServers;

  AddressMapper(JsonNode lane) {
    lane.path("addresses").properties().forEach(address -> addresses.put(address.getKey(), address.getValue().asText()));
    String topic = lane.path("topic").asText();
    for (JsonNode queue : lane.path("queues")) {
      queues.add(new MessageQueue(topic, queue.path("brokerName").asText(), queue.path("queueId").asInt()));
    }
    groups = queues.stream().map(MessageQueue::getBrokerName).distinct().toList();
    nameServers = StreamSupport.stream(lane.path("bootstrap").spliterator(), false)
        .map(address -> mapped(address.asText()))
        .collect(Collectors.joining(";"));
  }

  String nameServers() {
    return nameServers;
  }

  MessageQueue queueOf(int partition) {
    return queues.get(partition);
  }

  /**
   * Queues of the retry topic, one per broker group, are numbered after the topic's own queues. -1 for an unknown
   * queue.
   */
  int partitionOf(MessageQueue queue) {
    int own = queues.indexOf(queue);
    if (own >= 0 || !queue.getTopic().startsWith("%RETRY%")) return own;
    int group = groups.indexOf(queue.getBrokerName());
    return group < 0 ? -1 : queues.size() + group;
  }

  /** The name of the broker group at this mapped address. */
  String brokerNameAt(String address) {
    return brokerNames.get(address);
  }

  @Override
  public void doAfterResponse(String address, RemotingCommand request, RemotingCommand response) {
    if (request.getCode() != RequestCode.GET_ROUTEINFO_BY_TOPIC || response.getCode() != ResponseCode.SUCCESS) return;
    TopicRouteData route = TopicRouteData.decode(response.getBody(), TopicRouteData.class);
    for (BrokerData broker : route.getBrokerDatas()) {
      broker.getBrokerAddrs().replaceAll((id, advertised) -> mapped(advertised));
      broker.getBrokerAddrs().values().forEach(one -> brokerNames.put(one, broker.getBrokerName()));
    }
    response.setBody(route.encode());
  }

  private String mapped(String advertised) {
    return addresses.getOrDefault(advertised, advertised);
  }
}
