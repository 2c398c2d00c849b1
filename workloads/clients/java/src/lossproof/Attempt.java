package lossproof;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;

/** One attempt of one record. The client may tell of it twice (an error state met after it entered the buffer): the first counts. */
final class Attempt implements Callback {
  /** What the in-flight limit counts; guarded by its lane. */
  static final class Send {
    final int partition;
    /** Records without a last answer. */
    int left;

    Send(int partition, int count) {
      this.partition = partition;
      left = count;
    }
  }

  final Send send;
  final long s;
  final int n;
  /** When it may leave, on the trial's clock. */
  double dueAt;
  /** What the client had retried before it left. */
  double retriesBefore;
  private final ProducerLane lane;
  private boolean told;

  Attempt(ProducerLane lane, Send send, long s, int n) {
    this.lane = lane;
    this.send = send;
    this.s = s;
    this.n = n;
  }

  Attempt after(double retries) {
    retriesBefore = retries;
    return this;
  }

  Attempt due(double at) {
    dueAt = at;
    return this;
  }

  @Override
  public void onCompletion(RecordMetadata metadata, Exception error) {
    end(metadata, error, lane.isSending());
  }

  void end(RecordMetadata metadata, Exception error, boolean insideSend) {
    synchronized (this) {
      if (told) return;
      told = true;
    }
    lane.answered(this, metadata, error, insideSend);
  }
}
