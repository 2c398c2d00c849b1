package lossproof;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.client.consumer.DefaultMQPushConsumer;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyContext;
import org.apache.rocketmq.client.consumer.listener.ConsumeConcurrentlyStatus;
import org.apache.rocketmq.client.consumer.listener.MessageListenerConcurrently;
import org.apache.rocketmq.client.consumer.store.LocalFileOffsetStore;
import org.apache.rocketmq.client.impl.consumer.DefaultMQPushConsumerImpl;
import org.apache.rocketmq.common.consumer.ConsumeFromWhere;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.protocol.heartbeat.MessageModel;

/**
 * A lane of RocketMQ's push consumer with a concurrent listener. What the listener answers is the handler's word:
 * CONSUME_SUCCESS, RECONSUME_LATER, null, or an exception; the first message of a call that is not done decides for all.
 */
final class RocketConsumerLane implements Lane, MessageListenerConcurrently {
  private static final long ASSIGNED_LIMIT_MS = 5000;
  private static final long NUDGE_MS = 500;
  private static final long LOOK_MS = 10;
  private static final String OFFSETS = "rocketmq.client.localOffsetStoreDir";
  private static final String REBALANCE = "rocketmq.client.rebalance.waitInterval";

  private final String id;
  private final String topic;
  private final Handler handler;
  private final ConsumerFile file;
  private final Worker worker;
  private final Progress progress = new Progress();
  private final Commits reach;
  private final DefaultMQPushConsumer consumer;
  private final DefaultMQPushConsumerImpl inside;

  // What it was given, and its connections, are for those who reach for the implementation, deprecated for everybody else.
  @SuppressWarnings("deprecation")
  RocketConsumerLane(JsonNode lane, String process, Clock clock) throws IOException {
    id = lane.path("lane").asText();
    topic = lane.path("topic").asText();
    Handling handling = Handling.of(lane.path("handling"));
    file = new ConsumerFile(new LaneFile(lane.path("file").asText(), id, "consumer", process, lane.path("client").asText()), clock);
    Path stores = Path.of(lane.path("stores").asText("."));
    handler = new Handler(handling, file, stores.resolve("parked-" + process + ".jsonl"));
    worker = handling.worker() ? new Worker(id, handler, handled -> {}) : null;
    reach = new Commits(lane, this::committed);
    consumer = Startup.made(() -> new DefaultMQPushConsumer(lane.path("group").asText(), reach));
    // As with the other clients: from the first message on.
    consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
    Beans.configure(consumer, lane.path("settings"));
    // Threads of the client's pool are those of its minimum: its queue is never full, so that it makes no more.
    if (lane.path("settings").has("consumeThreadMax") && !lane.path("settings").has("consumeThreadMin")) consumer.setConsumeThreadMin(consumer.getConsumeThreadMax());
    consumer.setNamesrvAddr(reach.nameServers());
    consumer.setInstanceName(lane.path("clientId").asText());
    if (isBroadcasting()) {
      // The client finds its own progress again by its address and its name: those of a process that is started again are the
      // same. It has one folder for all its lanes.
      consumer.setClientIP("127.0.0.1");
      consumer.setInstanceName(id + "-" + process.replaceFirst("\\.\\d+$", ""));
      if (System.getProperty(OFFSETS) == null) System.setProperty(OFFSETS, stores.resolve("../../broadcasting").normalize().toString());
    }
    String interval = lane.path("clientSettings").path("rebalanceInterval").asText("");
    // Of the whole process, which knows it from the first of its lanes that says so.
    if (!interval.isEmpty() && System.getProperty(REBALANCE) == null) System.setProperty(REBALANCE, interval);
    consumer.setMessageListener(this);
    inside = consumer.getDefaultMQPushConsumerImpl();
    reach.of(inside);
  }

  @Override
  public String id() {
    return id;
  }

  /** Returns when the group has given it a queue of the topic, or for a while has not: other members may have them all. */
  @Override
  public void connect() throws Exception {
    consumer.subscribe(topic, "*");
    Startup.prepare(consumer, reach);
    consumer.start();
    if (isBroadcasting()) {
      reach.watch(Path.of(LocalFileOffsetStore.LOCAL_OFFSET_STORE_DIR, consumer.buildMQClientId(), consumer.getConsumerGroup(), "offsets.json"));
    }
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ASSIGNED_LIMIT_MS);
    // On a busy machine the client can miss its first rebalance (its heartbeat is then under way in another thread), and would
    // have no queue until the next, 20 s later. How clients start is not what is tested.
    long nudged = System.nanoTime();
    while (!isAssigned() && System.nanoTime() < deadline) {
      Thread.sleep(LOOK_MS);
      if (System.nanoTime() - nudged < TimeUnit.MILLISECONDS.toNanos(NUDGE_MS)) continue;
      nudged = System.nanoTime();
      inside.getmQClientFactory().rebalanceImmediately();
    }
  }

  @Override
  public void pause() {}

  @Override
  public void resume() {}

  @Override
  public Map<String, Long> status() {
    Map<String, Long> status = file.status();
    status.put("committed", progress.committed());
    status.put("uncommitted", progress.uncommitted());
    if (worker != null) status.put("backlog", worker.backlog());
    return status;
  }

  @Override
  public void stop(long drainMs, long closeMs) throws InterruptedException {
    Thread closing = new Thread(consumer::shutdown, "close-" + id);
    closing.setDaemon(true);
    closing.start();
    closing.join(closeMs);
    if (worker != null) worker.end(drainMs / 2);
    reach.end(closeMs);
    file.close();
  }

  @Override
  public ConsumeConcurrentlyStatus consumeMessage(List<MessageExt> found, ConsumeConcurrentlyContext context) {
    int p = reach.partitionOf(context.getMessageQueue());
    if (p < 0) Reports.fatal(new IllegalStateException("delivered from a queue that the lane does not know: " + context.getMessageQueue()));
    List<Message> messages = new ArrayList<>();
    for (MessageExt message : found) {
      messages.add(new Message(Payload.decode(message.getBody(), id), p, message.getQueueOffset(), message.getReconsumeTimes() + 1));
      progress.delivered(p, message.getQueueOffset());
    }
    file.delivered(messages);
    try {
      for (Message message : messages) {
        Handler.Handled handled = handle(message);
        if (handled == Handler.Handled.NOTHING) return null;
        if (handled == Handler.Handled.LATER) return ConsumeConcurrentlyStatus.RECONSUME_LATER;
      }
    } catch (InterruptedException stopped) {
      return ConsumeConcurrentlyStatus.RECONSUME_LATER;
    }
    return ConsumeConcurrentlyStatus.CONSUME_SUCCESS;
  }

  private Handler.Handled handle(Message message) throws InterruptedException {
    if (worker == null) return handler.handle(message);
    worker.hand(message);
    return Handler.Handled.DONE;
  }

  private void committed(MessageQueue queue, long next) {
    int p = reach.partitionOf(queue);
    if (p >= 0 && progress.committed(p, next)) file.committed(p, next);
  }

  private boolean isBroadcasting() {
    return consumer.getMessageModel() == MessageModel.BROADCASTING;
  }

  private boolean isAssigned() {
    // Each topic is rebalanced by itself: a queue of the retry topic alone is not yet one of what is sent.
    return inside.getRebalanceImpl().getProcessQueueTable().keySet().stream().anyMatch(queue -> queue.getTopic().equals(topic));
  }
}
