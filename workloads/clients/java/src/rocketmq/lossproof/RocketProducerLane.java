package lossproof;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.rocketmq.client.exception.MQClientException;
import org.apache.rocketmq.client.hook.SendMessageContext;
import org.apache.rocketmq.client.hook.SendMessageHook;
import org.apache.rocketmq.client.producer.DefaultMQProducer;
import org.apache.rocketmq.client.producer.SendCallback;
import org.apache.rocketmq.client.producer.SendResult;
import org.apache.rocketmq.common.message.Message;
import org.apache.rocketmq.common.message.MessageBatch;
import org.apache.rocketmq.common.message.MessageClientIDSetter;
import org.apache.rocketmq.common.message.MessageConst;
import org.apache.rocketmq.common.message.MessageDecoder;
import org.apache.rocketmq.common.message.MessageQueue;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;
import org.apache.rocketmq.remoting.protocol.RequestCode;
import org.apache.rocketmq.remoting.protocol.header.SendMessageRequestHeaderV2;

/**
 * A lane of RocketMQ's producer. The client may make several requests for one send and returns only the last answer.
 * The client's hooks show every request, and each is recorded as an attempt. A request is matched to its call by the
 * unique key that the client puts into every message.
 *
 * `client.queue`: with `chosen` the client chooses the queue of each request, which is how it retries. With `given` the
 * workload's partition is the queue, and the client does not retry a synchronous send.
 */
final class RocketProducerLane extends ProducerLane implements SendMessageHook {
  private static final long CONNECT_LIMIT_MS = 20_000;
  private static final long CONNECT_RETRY_MS = 100;
  /** A thread of a synchronous send mostly waits, so a small stack is enough. */
  private static final long STACK_BYTES = 256 * 1024;
  /** Messages of a warm-up per queue, and its time limit. */
  private static final int WARM_MESSAGES = 10;
  private static final long WARM_LIMIT_MS = 2000;

  private final DefaultMQProducer producer;
  /** Empty when the trial has no topic for the warm-up. */
  private final String warmTopic;
  private final AddressMapper addresses;
  private final String how;
  private final boolean isQueueGiven;
  private final Set<String> ackedWhen = new HashSet<>();
  /** The tags of messages, in turn; empty: messages have none. */
  private final List<String> tags = new ArrayList<>();
  private final Map<String, Call> calls = new ConcurrentHashMap<>();
  /**
   * Threads of synchronous sends: one per send in flight, as in an application. The in-flight limit bounds their
   * number.
   */
  private final ExecutorService callers;

  // Send hooks can only be registered at the implementation class, whose accessor is deprecated.
  @SuppressWarnings("deprecation")
  RocketProducerLane(JsonNode lane, String process, Clock clock, Scribe scribe) throws IOException {
    super(lane, process, clock, scribe);
    addresses = new RequestObserver(lane);
    warmTopic = lane.path("warmTopic").asText("");
    how = lane.path("clientSettings").path("send").asText("sync");
    isQueueGiven = how.equals("oneway") || lane.path("clientSettings").path("queue").asText("chosen").equals("given");
    lane.path("sending").path("ackedWhen").forEach(status -> ackedWhen.add(status.asText()));
    lane.path("workload").path("tags").forEach(tag -> tags.add(tag.asText()));
    if (ackedWhen.isEmpty()) ackedWhen.add("SEND_OK");
    producer = Startup.create(() -> new DefaultMQProducer("producers-" + topic, addresses));
    Beans.configure(producer, lane.path("settings"));
    producer.setNamesrvAddr(addresses.nameServers());
    producer.setInstanceName(lane.path("clientId").asText());
    producer.getDefaultMQProducerImpl().registerSendMessageHook(this);
    callers = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
      Thread thread = new Thread(null, task, "send-" + id, STACK_BYTES);
      thread.setDaemon(true);
      return thread;
    });
  }

  /** Waits until the client knows the topic's queues, and warms it up. */
  @Override
  protected void open() throws Exception {
    Startup.prepare(producer, addresses);
    producer.start();
    for (long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CONNECT_LIMIT_MS); ; ) {
      try {
        producer.fetchPublishMessageQueues(topic);
        if (!warmTopic.isEmpty()) warmUp();
        return;
      } catch (MQClientException notYet) {
        if (System.nanoTime() > deadline) throw notYet;
        Thread.sleep(CONNECT_RETRY_MS);
      }
    }
  }

  /**
   * Sends some messages to a topic that nobody reads. The first sends of a process are so slow that a load that starts
   * at once would run into the client's timeout, and one send that times out closes the connection for all others.
   */
  private void warmUp() {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WARM_LIMIT_MS);
    try {
      for (MessageQueue queue : producer.fetchPublishMessageQueues(warmTopic)) {
        for (int sent = 0; sent < WARM_MESSAGES && System.nanoTime() < deadline; sent++) {
          producer.send(new Message(warmTopic, Payload.encode(id, 0, sizeBytes)), queue);
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } catch (Exception notNow) {
      // Brokers may be down when a process restarts. The load will show that.
    }
  }

  @Override
  protected boolean recordsSent() {
    return false;
  }

  @Override
  protected void shut(long limitMs) {
    producer.shutdown();
    callers.shutdownNow();
  }

  /** Called when a request leaves. */
  void sent(List<Attempt> attempts, int partition) throws IOException {
    recordSent(attempts, partition);
  }

  @Override
  protected void leave(List<Attempt> due) {
    for (int from = 0; from < due.size(); ) {
      int to = from + 1;
      while (to < due.size() && due.get(to).send == due.get(from).send && due.get(to).n == due.get(from).n) to += 1;
      call(new Call(this, List.copyOf(due.subList(from, to)), ackedWhen));
      from = to;
    }
  }

  private void call(Call call) {
    Message message = messageOf(call.attempts());
    String key = MessageClientIDSetter.getUniqID(message);
    calls.put(key, call);
    MessageQueue queue = isQueueGiven ? addresses.queueOf(call.attempts().get(0).send.partition) : null;
    switch (how) {
      case "oneway" -> sendOneWay(call, message, queue);
      case "async" -> sendAsync(call, message, queue);
      default -> callers.execute(() -> sendSync(call, message, queue));
    }
  }

  private Message messageOf(List<Attempt> attempts) {
    List<Message> messages = new ArrayList<>();
    for (Attempt attempt : attempts) messages.add(new Message(topic, tagOf(attempt.s), Payload.encode(id, attempt.s, sizeBytes)));
    // The same steps as in DefaultMQProducer.batch().
    messages.forEach(MessageClientIDSetter::setUniqID);
    if (messages.size() == 1) return messages.get(0);
    MessageBatch batch = MessageBatch.generateFromList(messages);
    MessageClientIDSetter.setUniqID(batch);
    batch.setBody(batch.encode());
    return batch;
  }

  /** Null for a message without a tag. */
  private String tagOf(long s) {
    return tags.isEmpty() ? null : tags.get((int) (s % tags.size()));
  }

  private void sendSync(Call call, Message message, MessageQueue queue) {
    try {
      end(call, message, queue == null ? producer.send(message) : producer.send(message, queue), null);
    } catch (Exception error) {
      end(call, message, null, error);
    }
  }

  private void sendAsync(Call call, Message message, MessageQueue queue) {
    SendCallback callback = new SendCallback() {
      @Override
      public void onSuccess(SendResult result) {
        end(call, message, result, null);
      }

      @Override
      public void onException(Throwable error) {
        end(call, message, null, error);
      }
    };
    try {
      if (queue == null) producer.send(message, callback);
      else producer.send(message, queue, callback);
    } catch (Exception error) {
      end(call, message, null, error);
    }
  }

  private void sendOneWay(Call call, Message message, MessageQueue queue) {
    try {
      call.handsOver();
      producer.sendOneway(message, queue);
      call.taken();
      calls.remove(MessageClientIDSetter.getUniqID(message));
    } catch (Exception error) {
      end(call, message, null, error);
    }
  }

  private void end(Call call, Message message, SendResult result, Throwable error) {
    try {
      String status = result == null ? null : result.getSendStatus().name();
      call.ends(status, status == null ? Answers.codeOf(error) : status);
    } catch (Exception broken) {
      Reports.fatal(broken);
    }
    calls.remove(MessageClientIDSetter.getUniqID(message));
  }

  @Override
  public String hookName() {
    return "lossproof";
  }

  @Override
  public void sendMessageBefore(SendMessageContext context) {}

  /** For a request without an answer: the error by which the client ended it. */
  @Override
  public void sendMessageAfter(SendMessageContext context) {
    Call call = context.getException() == null ? null : calls.get(MessageClientIDSetter.getUniqID(context.getMessage()));
    if (call != null) call.failed(Answers.codeOf(context.getException()));
  }

  /** Observes each request as it leaves, and each answer as it arrives. */
  private final class RequestObserver extends AddressMapper {
    RequestObserver(JsonNode lane) {
      super(lane);
    }

    @Override
    public void doBeforeRequest(String address, RemotingCommand request) {
      // The request of a one-way send may leave after the call has returned.
      if (!isSend(request) || how.equals("oneway")) return;
      try {
        Call call = callOf(request);
        if (call == null) throw new IllegalStateException("a send request left that belongs to no call");
        SendMessageRequestHeaderV2 header = (SendMessageRequestHeaderV2) request.readCustomHeader();
        int partition = partitionOf(new MessageQueue(topic, brokerNameAt(address), header.getE()));
        if (partition < 0) throw new IllegalStateException("a send request left for an unknown queue: " + address + ", " + header.getE());
        call.leaves(partition, request.getOpaque());
      } catch (Exception broken) {
        Reports.fatal(broken);
      }
    }

    @Override
    public void doAfterResponse(String address, RemotingCommand request, RemotingCommand response) {
      super.doAfterResponse(address, request, response);
      Call call = isSend(request) ? callOf(request) : null;
      if (call != null) call.answered(response);
    }

    /** Whether it is a send request of the load. Requests of the warm-up are not. */
    private boolean isSend(RemotingCommand request) {
      if (request.getCode() != RequestCode.SEND_MESSAGE_V2 && request.getCode() != RequestCode.SEND_BATCH_MESSAGE) return false;
      return topic.equals(((SendMessageRequestHeaderV2) request.readCustomHeader()).getB());
    }

    /** Null for a call that has ended. */
    private Call callOf(RemotingCommand request) {
      SendMessageRequestHeaderV2 header = (SendMessageRequestHeaderV2) request.readCustomHeader();
      Map<String, String> properties = MessageDecoder.string2messageProperties(header.getI());
      return calls.get(properties.get(MessageConst.PROPERTY_UNIQ_CLIENT_MESSAGE_ID_KEYIDX));
    }
  }
}
