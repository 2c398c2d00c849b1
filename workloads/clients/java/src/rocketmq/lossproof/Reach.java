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
 * How a lane's client reaches its brokers: what name servers tell of addresses is put into those at which its role's
 * proxies listen, before the client sees it. And which partition each queue stands for.
 */
abstract class Reach implements RPCHook {
  /** By advertised address. */
  private final Map<String, String> addresses = new HashMap<>();
  private final List<MessageQueue> queues = new ArrayList<>();
  private final List<String> groups;
  /** The name of the broker that listens there, by mapped address. */
  private final Map<String, String> brokerNames = new ConcurrentHashMap<>();
  private final String nameServers;

  Reach(JsonNode lane) {
    lane.path("addresses").properties().forEach(address -> addresses.put(address.getKey(), address.getValue().asText()));
    String topic = lane.path("topic").asText();
    lane.path("queues").forEach(queue -> queues.add(new MessageQueue(topic, queue.path("brokerName").asText(), queue.path("queueId").asInt())));
    groups = queues.stream().map(MessageQueue::getBrokerName).distinct().toList();
    nameServers = StreamSupport.stream(lane.path("bootstrap").spliterator(), false).map(name -> mapped(name.asText())).collect(Collectors.joining(";"));
  }

  String nameServers() {
    return nameServers;
  }

  MessageQueue queueOf(int partition) {
    return queues.get(partition);
  }

  /** Behind the topic's own, of the retry topic one for each broker group; -1 for a queue that the lane does not know. */
  int partitionOf(MessageQueue queue) {
    int own = queues.indexOf(queue);
    if (own >= 0 || !queue.getTopic().startsWith("%RETRY%")) return own;
    int group = groups.indexOf(queue.getBrokerName());
    return group < 0 ? -1 : queues.size() + group;
  }

  /** The name of the group whose broker listens at this mapped address. */
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
