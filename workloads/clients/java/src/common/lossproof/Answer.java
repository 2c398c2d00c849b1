package lossproof;

/** What became known of an attempt, and is not counted yet. */
record Answer(Attempt attempt, Kind kind) {
  enum Kind { ACKED, REJECTED, UNKNOWN, DONE, AGAIN }
}
