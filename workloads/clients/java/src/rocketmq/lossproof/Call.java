package lossproof;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;

/**
 * One call of the client's send, for a message or a batch, with all requests that the client makes for it. Each request
 * is an attempt, recorded before it leaves, and with the broker's raw answer.
 */
final class Call {
  private final RocketProducerLane lane;
  private final Set<String> ackedWhen;
  private List<Attempt> attempts;
  private int partition = -1;
  private boolean hasLeft;
  private boolean isRecorded;
  /** Whether a request is in flight, and the number that matches its answer. */
  private boolean open;
  private int request;
  private boolean isAcked;
  private String status;
  private boolean ended;

  Call(RocketProducerLane lane, List<Attempt> attempts, Set<String> ackedWhen) {
    this.lane = lane;
    this.attempts = attempts;
    this.ackedWhen = ackedWhen;
  }

  List<Attempt> attempts() {
    return attempts;
  }

  /** One-way: its request cannot be observed, so the attempt is recorded before the call is handed to the client. */
  synchronized void handsOver() throws IOException {
    isRecorded = true;
    lane.sent(attempts, -1);
  }

  /** A request leaves for `partition`. */
  synchronized void leaves(int partition, int opaque) throws IOException {
    if (ended) throw new IllegalStateException("a request left after the client had returned an answer");
    failed("NO_ANSWER");
    if (hasLeft) attempts = attempts.stream().map(Attempt::again).toList();
    this.partition = partition;
    hasLeft = true;
    open = true;
    request = opaque;
    lane.sent(attempts, partition);
  }

  /** The broker has answered. An answer that arrives after the client has abandoned the request is ignored. */
  synchronized void answered(RemotingCommand response) {
    if (!open || response.getOpaque() != request) return;
    open = false;
    int code = response.getCode();
    String name = Answers.nameOf(code);
    boolean isStored = Answers.STATUSES.contains(code);
    if (isStored) status = name;
    if (isStored && ackedWhen.contains(name)) {
      isAcked = true;
      long first = Long.parseLong(response.getExtFields().get("queueOffset"));
      for (int at = 0; at < attempts.size(); at++) lane.acked(attempts.get(at), partition, first + at, name);
      return;
    }
    boolean isRejected = !isStored && Answers.isRejected(code, response.getRemark());
    for (Attempt attempt : attempts) lane.failed(attempt, isRejected, name);
  }

  /** The request in flight ended without an answer. */
  synchronized void failed(String code) {
    if (!open) return;
    open = false;
    for (Attempt attempt : attempts) lane.failed(attempt, false, code);
  }

  /**
   * The client has returned. `returned`: its status, or null after an error; `code`: the code of the result. Without a
   * request nothing can have been stored, and the attempt is rejected.
   */
  synchronized void ends(String returned, String code) throws IOException {
    if (ended) return;
    ended = true;
    if (returned != null && !returned.equals(status)) {
      throw new IllegalStateException("the client returned " + returned + ", but the broker answered " + status);
    }
    if (!hasLeft) {
      if (!isRecorded) lane.sent(attempts, -1);
      for (Attempt attempt : attempts) lane.failed(attempt, true, code);
    }
    failed(code);
    for (Attempt attempt : attempts) lane.ended(attempt, isAcked ? null : code);
  }

  /** One-way: there is no answer, and the client has accepted the message. */
  synchronized void taken() {
    ended = true;
    for (Attempt attempt : attempts) {
      lane.acked(attempt, attempt.send.partition, -1, "ONE_WAY");
      lane.ended(attempt, null);
    }
  }
}
