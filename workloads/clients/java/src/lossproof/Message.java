package lossproof;

/** One record as delivered; {@code s} is -1 when it is none of the lane's messages, which counts for offsets alone. */
record Message(long s, int p, long o) {}
