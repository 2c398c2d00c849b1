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
 * Observes the committed offsets of a consumer where they are stored. Clustering: the client commits with one-way
 * requests, which nothing confirms, so after each of them the broker is asked for the committed offset. Broadcasting:
 * the client's offset file is read.
 */
final class Commits extends AddressMapper {
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

  /** @param committed called with the next offset to read of a queue; repeatedly, also when it has not changed */
  Commits(JsonNode lane, ObjLongConsumer<MessageQueue> committed) {
    super(lane);
    this.committed = committed;
  }

  /** @param owner the consumer whose connections are used for questions to brokers */
  void of(DefaultMQPushConsumerImpl owner) {
    consumer = owner;
  }

  void watch(Path kept) {
    file = kept;
    timer.scheduleWithFixedDelay(this::look, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
  }

  /**
   * Called after the client was shut down. Brokers cannot be asked any more, but the file is read for the last time.
   */
  void end(long limitMs) throws InterruptedException {
    timer.shutdown();
    if (timer.awaitTermination(limitMs, TimeUnit.MILLISECONDS) && file != null) look();
  }

  @Override
  public void doBeforeRequest(String address, RemotingCommand request) {
    if (request.getCode() != RequestCode.UPDATE_CONSUMER_OFFSET || timer.isShutdown()) return;
    if (!(request.readCustomHeader() instanceof UpdateConsumerOffsetRequestHeader commit)) return;
    timer.schedule(() -> ask(address, commit, ASKS), 0, TimeUnit.MILLISECONDS);
  }

  /**
   * After an assignment of queues the client sends a heartbeat to the brokers, but skips it while another heartbeat is
   * in progress. Brokers then refuse its pulls until the next heartbeat, 30 s later (apache/rocketmq#3434, #8970). How
   * fast clients start is not under test, so a heartbeat is sent at once.
   */
  @Override
  public void doAfterResponse(String address, RemotingCommand request, RemotingCommand response) {
    super.doAfterResponse(address, request, response);
    if (response.getCode() != ResponseCode.SUBSCRIPTION_NOT_LATEST || timer.isShutdown()) return;
    timer.schedule(() -> consumer.getmQClientFactory().sendHeartbeatToAllBrokerWithLock(), 0, TimeUnit.MILLISECONDS);
  }

  private void ask(String address, UpdateConsumerOffsetRequestHeader commit, int left) {
    QueryConsumerOffsetRequestHeader query = new QueryConsumerOffsetRequestHeader();
    query.setTopic(commit.getTopic());
    query.setConsumerGroup(commit.getConsumerGroup());
    query.setQueueId(commit.getQueueId());
    try {
      long offset = consumer.getmQClientFactory().getMQClientAPIImpl().queryConsumerOffset(address, query, ASK_LIMIT_MS);
      committed.accept(new MessageQueue(commit.getTopic(), brokerNameAt(address), commit.getQueueId()), offset);
      if (offset >= commit.getCommitOffset()) return;
    } catch (Exception unanswered) {
      Reports.note("the broker did not return the committed offset: " + unanswered);
    }
    // The broker handles requests concurrently, so it may have handled the query before the commit.
    if (left <= 1 || timer.isShutdown()) return;
    timer.schedule(() -> ask(address, commit, left - 1), ASK_AGAIN_MS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      String text = Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
      if (text.equals(seen)) return;
      seen = text;
      OffsetSerializeWrapper kept = OffsetSerializeWrapper.fromJson(text, OffsetSerializeWrapper.class);
      for (Map.Entry<MessageQueue, AtomicLong> entry : kept.getOffsetTable().entrySet()) {
        committed.accept(entry.getKey(), entry.getValue().get());
      }
    } catch (IOException | RuntimeException half) {
      // The client is rewriting the file. It is read again later.
      seen = "";
    }
  }
}
