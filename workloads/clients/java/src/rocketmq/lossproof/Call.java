package lossproof;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;

/**
 * One call of the client's send, of a message or a batch: as many requests as the client makes of it. Each request is an
 * attempt, written down before it leaves and with the broker's own answer.
 */
final class Call {
  private final RocketProducerLane lane;
  private final Set<String> ackedWhen;
  private List<Attempt> attempts;
  private int partition = -1;
  private boolean hasLeft;
  private boolean isTold;
  /** A request is under way; the number by which its answer is known. */
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

  /** Without word of its requests: written down before it is handed to the client. */
  synchronized void handsOver() throws IOException {
    isTold = true;
    lane.sent(attempts, -1);
  }

  /** A request leaves for `partition`. */
  synchronized void leaves(int partition, int opaque) throws IOException {
    if (ended) throw new IllegalStateException("a request leaves after the client has answered");
    failed("NO_ANSWER");
    if (hasLeft) attempts = attempts.stream().map(Attempt::again).toList();
    this.partition = partition;
    hasLeft = true;
    open = true;
    request = opaque;
    lane.sent(attempts, partition);
  }

  /** The broker has answered. What comes after the client has given a request up, nobody hears. */
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

  /** The request under way ended without an answer. */
  synchronized void failed(String code) {
    if (!open) return;
    open = false;
    for (Attempt attempt : attempts) lane.failed(attempt, false, code);
  }

  /**
   * The client has no more to say. `told`: the status that it told, null when it told an error; `code`: what to call that.
   * Without a request there was nothing that could be stored.
   */
  synchronized void ends(String told, String code) throws IOException {
    if (ended) return;
    ended = true;
    if (told != null && !told.equals(status)) throw new IllegalStateException("the client told " + told + ", the broker " + status);
    if (!hasLeft) {
      if (!isTold) lane.sent(attempts, -1);
      for (Attempt attempt : attempts) lane.failed(attempt, true, code);
    }
    failed(code);
    for (Attempt attempt : attempts) lane.ended(attempt, isAcked ? null : code);
  }

  /** One-way: nobody answers, and the client has taken it. */
  synchronized void taken() {
    ended = true;
    for (Attempt attempt : attempts) {
      lane.acked(attempt, attempt.send.partition, -1, "ONE_WAY");
      lane.ended(attempt, null);
    }
  }
}
