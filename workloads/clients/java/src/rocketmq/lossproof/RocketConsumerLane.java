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
 * A lane of RocketMQ's push consumer with a concurrent listener. The listener returns the handler's result:
 * CONSUME_SUCCESS, RECONSUME_LATER, null, or an exception. The first message of a call that does not succeed decides
 * for the whole call.
 */
final class RocketConsumerLane implements Lane, MessageListenerConcurrently {
  private static final long ASSIGNED_LIMIT_MS = 5000;
  private static final long NUDGE_MS = 500;
  private static final long POLL_MS = 10;
  private static final String OFFSETS = "rocketmq.client.localOffsetStoreDir";
  private static final String REBALANCE = "rocketmq.client.rebalance.waitInterval";

  private final String id;
  private final String topic;
  private final String subscription;
  private final Handler handler;
  private final ConsumerFile file;
  private final Worker worker;
  private final Progress progress = new Progress();
  private final Commits commits;
  private final DefaultMQPushConsumer consumer;
  private final DefaultMQPushConsumerImpl implementation;

  // Assigned queues and connections are only available at the implementation class, whose accessor is deprecated.
  @SuppressWarnings("deprecation")
  RocketConsumerLane(JsonNode lane, String process, Clock clock) throws IOException {
    id = lane.path("lane").asText();
    topic = lane.path("topic").asText();
    subscription = lane.path("subscription").asText("*");
    Handling handling = Handling.of(lane.path("handling"));
    file = new ConsumerFile(new LaneFile(lane.path("file").asText(), id, "consumer", process, lane.path("client").asText()), clock);
    Path stores = Path.of(lane.path("stores").asText("."));
    handler = new Handler(handling, file, stores.resolve("parked-" + process + ".jsonl"));
    worker = handling.worker() ? new Worker(id, handling.workers(), handler, handled -> {}) : null;
    commits = new Commits(lane, this::committed);
    consumer = Startup.create(() -> new DefaultMQPushConsumer(lane.path("group").asText(), commits));
    // The same default as with the other clients of the harness.
    consumer.setConsumeFromWhere(ConsumeFromWhere.CONSUME_FROM_FIRST_OFFSET);
    JsonNode settings = lane.path("settings");
    Beans.configure(consumer, settings);
    // The client's thread pool never grows beyond its minimum, because its task queue is unbounded and never full.
    if (settings.has("consumeThreadMax") && !settings.has("consumeThreadMin")) {
      consumer.setConsumeThreadMin(consumer.getConsumeThreadMax());
    }
    consumer.setNamesrvAddr(commits.nameServers());
    consumer.setInstanceName(lane.path("clientId").asText());
    if (isBroadcasting()) {
      // The client finds its progress by its address and instance name, so a restarted process gets the same ones. One
      // folder serves all lanes of the process.
      consumer.setClientIP("127.0.0.1");
      consumer.setInstanceName(id + "-" + process.replaceFirst("\\.\\d+$", ""));
      if (System.getProperty(OFFSETS) == null) System.setProperty(OFFSETS, stores.resolve("../../broadcasting").normalize().toString());
    }
    String interval = lane.path("clientSettings").path("rebalanceInterval").asText("");
    // The property applies to the whole process. The first lane that has the setting decides.
    if (!interval.isEmpty() && System.getProperty(REBALANCE) == null) System.setProperty(REBALANCE, interval);
    consumer.setMessageListener(this);
    implementation = consumer.getDefaultMQPushConsumerImpl();
    commits.of(implementation);
  }

  @Override
  public String id() {
    return id;
  }

  /** Returns when a queue of the topic is assigned to it, or after a limit: other members may have all queues. */
  @Override
  public void connect() throws Exception {
    consumer.subscribe(topic, subscription);
    Startup.prepare(consumer, commits);
    consumer.start();
    if (isBroadcasting()) {
      Path folder = Path.of(LocalFileOffsetStore.LOCAL_OFFSET_STORE_DIR, consumer.buildMQClientId());
      commits.watch(folder.resolve(Path.of(consumer.getConsumerGroup(), "offsets.json")));
    }
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ASSIGNED_LIMIT_MS);
    // On a busy machine the client can miss its first rebalance, because its heartbeat runs in another thread at that
    // moment. It would then have no queue until the next rebalance, 20 s later. How fast clients start is not under
    // test.
    long nudged = System.nanoTime();
    while (!isAssigned() && System.nanoTime() < deadline) {
      Thread.sleep(POLL_MS);
      if (System.nanoTime() - nudged < TimeUnit.MILLISECONDS.toNanos(NUDGE_MS)) continue;
      nudged = System.nanoTime();
      implementation.getmQClientFactory().rebalanceImmediately();
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
    commits.end(closeMs);
    file.close();
  }

  @Override
  public ConsumeConcurrentlyStatus consumeMessage(List<MessageExt> found, ConsumeConcurrentlyContext context) {
    int p = commits.partitionOf(context.getMessageQueue());
    if (p < 0) Reports.fatal(new IllegalStateException("delivered from an unknown queue: " + context.getMessageQueue()));
    List<Message> messages = new ArrayList<>();
    for (MessageExt message : found) {
      long s = Payload.decode(message.getBody(), id);
      messages.add(new Message(s, p, message.getQueueOffset(), message.getReconsumeTimes() + 1));
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
    int p = commits.partitionOf(queue);
    if (p >= 0 && progress.committed(p, next)) file.committed(p, next);
  }

  private boolean isBroadcasting() {
    return consumer.getMessageModel() == MessageModel.BROADCASTING;
  }

  private boolean isAssigned() {
    // Each topic is rebalanced separately, so a queue of the retry topic does not count.
    return implementation.getRebalanceImpl().getProcessQueueTable().keySet().stream().anyMatch(queue -> queue.getTopic().equals(topic));
  }
}
