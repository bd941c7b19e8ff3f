/* What every load program measures besides its own counts, and the line it prints. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <sys/types.h>
#include <unistd.h>

#include "check.h"

/* Nanoseconds: first the readings at the start, after end_measuring the differences. */
struct measurement {
  pid_t server;
  uint64_t began;
  uint64_t elapsed;
  uint64_t server_cpu;
  uint64_t load_cpu;
  uint64_t other_cpu;
};

/* User and kernel time of all threads of a process, ended ones too (clock_getcpuclockid(3)). */
static inline uint64_t cpu_nanos(pid_t pid) {
  clockid_t clock;
  struct timespec t;
  CHECK(clock_getcpuclockid(pid, &clock) == 0 && clock_gettime(clock, &t) == 0, "CPU time");
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Time all processors spent on anything, in steps of a clock tick; stolen time counts as spent. */
static inline uint64_t machine_cpu_nanos(void) {
  FILE *file = fopen("/proc/stat", "r");
  unsigned long long user, nice, system, idle, waiting, irq, softirq, stolen;
  CHECK(file && fscanf(file, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &user, &nice, &system,
                       &idle, &waiting, &irq, &softirq, &stolen) == 8,
        "/proc/stat");
  fclose(file);
  uint64_t ticks = user + nice + system + irq + softirq + stolen;
  return ticks * (1000000000u / (uint64_t)sysconf(_SC_CLK_TCK));
}

static inline struct measurement begin_measuring(pid_t server) {
  struct measurement measurement = {.server = server};
  measurement.other_cpu = machine_cpu_nanos();
  measurement.server_cpu = cpu_nanos(server);
  measurement.load_cpu = cpu_nanos(getpid());
  measurement.began = now_nanos();
  return measurement;
}

static inline void end_measuring(struct measurement *measurement, uint64_t end) {
  measurement->elapsed = end - measurement->began;
  measurement->load_cpu = cpu_nanos(getpid()) - measurement->load_cpu;
  measurement->server_cpu = cpu_nanos(measurement->server) - measurement->server_cpu;
  uint64_t machine = machine_cpu_nanos() - measurement->other_cpu;
  uint64_t ours = measurement->server_cpu + measurement->load_cpu;
  measurement->other_cpu = machine > ours ? machine - ours : 0;
}

/* The line of a scenario: what was done, seconds, and the three times. */
static inline int print_measurement(const struct measurement *measurement, uint64_t done) {
  if (done == 0) {
    fprintf(stderr, "nothing was done in the measured time\n");
    return 1;
  }
  printf("%llu,%.6f,%llu,%llu,%llu\n", (unsigned long long)done,
         (double)measurement->elapsed / 1e9, (unsigned long long)measurement->server_cpu,
         (unsigned long long)measurement->load_cpu, (unsigned long long)measurement->other_cpu);
  return 0;
}

#endif
