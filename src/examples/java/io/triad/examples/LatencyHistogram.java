package io.triad.examples;

/** Counts durations in buckets that are 1/32 apart, so that a quantile is right to 3 %. */
final class LatencyHistogram {
  private static final int SUB_BITS = 5;

  private final long[] buckets = new long[64 << SUB_BITS];
  private long count;

  void record(long nanos) {
    buckets[bucket(nanos)]++;
    count++;
  }

  private static int bucket(long nanos) {
    int magnitude = Math.max(0, 63 - SUB_BITS - Long.numberOfLeadingZeros(nanos | 1));
    return (magnitude << SUB_BITS) + (int) (nanos >>> magnitude);
  }

  private static long lowest(int bucket) {
    int magnitude = Math.max(0, (bucket >>> SUB_BITS) - 1);
    return (long) (bucket - (magnitude << SUB_BITS)) << magnitude;
  }

  void add(LatencyHistogram other) {
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] += other.buckets[i];
    }
    count += other.count;
  }

  void clear() {
    java.util.Arrays.fill(buckets, 0);
    count = 0;
  }

  long count() {
    return count;
  }

  /** The duration that a part of all durations do not exceed. */
  long quantileNanos(double part) {
    long wanted = (long) Math.ceil(count * part);
    long seen = 0;
    for (int i = 0; i < buckets.length; i++) {
      seen += buckets[i];
      if (seen >= wanted && seen > 0) {
        return lowest(i);
      }
    }
    return 0;
  }
}
