package lossproof;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ObjLongConsumer;
import org.apache.rocketmq.client.consumer.store.OffsetSerializeWrapper;
import org.apache.rocketmq.client.impl.consumer.DefaultMQPushConsumerImpl;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.RequestCode;
import org.apache.rocketmq.remoting.protocol.ResponseCode;
import org.apache.rocketmq.remoting.protocol.header.QueryConsumerOffsetRequestHeader;
import org.apache.rocketmq.remoting.protocol.header.UpdateConsumerOffsetRequestHeader;

/**
 * What goes between a consumer and its brokers: what the group has committed, as whoever keeps it says. Clustering: the client commits one-way, which nobody confirms;
 * so whenever such a request leaves, the broker is asked what it has. Broadcasting: the client's own file.
 */
final class Commits extends Reach {
  private static final long ASK_AGAIN_MS = 50;
  private static final int ASKS = 10;
  private static final long ASK_LIMIT_MS = 1000;
  private static final long LOOK_MS = 100;

  private final ObjLongConsumer<MessageQueue> committed;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
    Thread thread = new Thread(task, "commits");
    thread.setDaemon(true);
    return thread;
  });
  private volatile DefaultMQPushConsumerImpl consumer;
  private volatile Path file;
  private String seen = "";

  /** @param committed told the next offset to read of a queue, again and again the same too */
  Commits(JsonNode lane, ObjLongConsumer<MessageQueue> committed) {
    super(lane);
    this.committed = committed;
  }

  /** @param owner asks on the connections of this consumer */
  void of(DefaultMQPushConsumerImpl owner) {
    consumer = owner;
  }

  void watch(Path kept) {
    file = kept;
    timer.scheduleWithFixedDelay(this::look, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
  }

  /** Of a client that is shut down: nothing can be asked any more, but its file be looked at for the last time. */
  void end(long limitMs) throws InterruptedException {
    timer.shutdown();
    if (timer.awaitTermination(limitMs, TimeUnit.MILLISECONDS) && file != null) look();
  }

  @Override
  public void doBeforeRequest(String address, RemotingCommand request) {
    if (request.getCode() != RequestCode.UPDATE_CONSUMER_OFFSET || !(request.readCustomHeader() instanceof UpdateConsumerOffsetRequestHeader asked)) return;
    if (timer.isShutdown()) return;
    timer.schedule(() -> ask(address, asked, ASKS), 0, TimeUnit.MILLISECONDS);
  }

  /**
   * A client that has been given queues tells brokers of it with a heartbeat, but leaves that out where another of its heartbeats is
   * under way; they refuse its pulls then until the next, 30 s later (apache/rocketmq#3434, #8970). How soon clients start is not what
   * is tested: it sends one now.
   */
  @Override
  public void doAfterResponse(String address, RemotingCommand request, RemotingCommand response) {
    super.doAfterResponse(address, request, response);
    if (response.getCode() != ResponseCode.SUBSCRIPTION_NOT_LATEST || timer.isShutdown()) return;
    timer.schedule(() -> consumer.getmQClientFactory().sendHeartbeatToAllBrokerWithLock(), 0, TimeUnit.MILLISECONDS);
  }

  private void ask(String address, UpdateConsumerOffsetRequestHeader asked, int left) {
    QueryConsumerOffsetRequestHeader question = new QueryConsumerOffsetRequestHeader();
    question.setTopic(asked.getTopic());
    question.setConsumerGroup(asked.getConsumerGroup());
    question.setQueueId(asked.getQueueId());
    try {
      long told = consumer.getmQClientFactory().getMQClientAPIImpl().queryConsumerOffset(address, question, ASK_LIMIT_MS);
      committed.accept(new MessageQueue(asked.getTopic(), brokerNameAt(address), asked.getQueueId()), told);
      if (told >= asked.getCommitOffset()) return;
    } catch (Exception unanswered) {
      Reports.note("offset not told: " + unanswered);
    }
    // The broker handles requests side by side, so that it may have come to the question first.
    if (left > 1 && !timer.isShutdown()) timer.schedule(() -> ask(address, asked, left - 1), ASK_AGAIN_MS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      String text = Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
      if (text.equals(seen)) return;
      seen = text;
      OffsetSerializeWrapper kept = OffsetSerializeWrapper.fromJson(text, OffsetSerializeWrapper.class);
      for (Map.Entry<MessageQueue, AtomicLong> entry : kept.getOffsetTable().entrySet()) committed.accept(entry.getKey(), entry.getValue().get());
    } catch (IOException | RuntimeException half) {
      // The client writes it anew at this moment.
      seen = "";
    }
  }
}
