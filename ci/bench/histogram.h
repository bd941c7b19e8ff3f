/*
 * Latencies in nanoseconds, counted in buckets no wider than 1/64 of their value, up to 18 minutes.
 */
#ifndef BENCH_HISTOGRAM_H
#define BENCH_HISTOGRAM_H

#include <stdint.h>

enum { SUB_BUCKET_BITS = 6, SUB_BUCKETS = 1 << SUB_BUCKET_BITS, HIGHEST_BIT = 40 };

struct histogram {
  uint64_t counts[(HIGHEST_BIT - SUB_BUCKET_BITS + 2) * SUB_BUCKETS];
  uint64_t total;
  uint64_t max;
};

static inline void histogram_add(struct histogram *histogram, uint64_t nanos) {
  uint64_t value = nanos < (1ull << HIGHEST_BIT) ? nanos : (1ull << HIGHEST_BIT);
  unsigned shift =
      value < SUB_BUCKETS ? 0 : 63 - (unsigned)__builtin_clzll(value) - SUB_BUCKET_BITS;
  /* Above the linear part value >> shift lies in [64, 128), so octaves follow without a gap. */
  histogram->counts[shift * SUB_BUCKETS + (value >> shift)]++;
  histogram->total++;
  if (nanos > histogram->max) {
    histogram->max = nanos;
  }
}

/* The upper edge of the bucket that holds the given share (0 to 1) of all values. */
static inline uint64_t histogram_quantile(const struct histogram *histogram, double share) {
  uint64_t wanted = (uint64_t)(share * (double)histogram->total);
  uint64_t seen = 0;
  for (unsigned i = 0; i < sizeof histogram->counts / sizeof histogram->counts[0]; i++) {
    seen += histogram->counts[i];
    if (seen > wanted) {
      unsigned shift = i < 2 * SUB_BUCKETS ? 0 : i / SUB_BUCKETS - 1;
      uint64_t edge = ((uint64_t)(i - shift * SUB_BUCKETS) + 1) << shift;
      return edge < histogram->max ? edge : histogram->max;
    }
  }
  return histogram->max;
}

#endif
