/*
 * Job objects, which hold a process with all its descendants: CreateJobObjectW,
 * SetInformationJobObject. A completion port is told what happens in a job.
 */
#ifndef TRIAD_WINDOWS_JOB_H
#define TRIAD_WINDOWS_JOB_H

#include "../types.h"

/* JOBOBJECTINFOCLASS */
enum {
  JobObjectBasicAccountingInformation = 1,
  JobObjectBasicLimitInformation = 2,
  JobObjectBasicProcessIdList = 3,
  JobObjectAssociateCompletionPortInformation = 7,
  JobObjectExtendedLimitInformation = 9,
};

enum {
  JOB_OBJECT_LIMIT_ACTIVE_PROCESS = 0x8,
  JOB_OBJECT_LIMIT_PROCESS_MEMORY = 0x100,
  JOB_OBJECT_LIMIT_JOB_MEMORY = 0x200,
  JOB_OBJECT_LIMIT_BREAKAWAY_OK = 0x800,
  JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK = 0x1000,
  JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE = 0x2000,
};

/* What a port is told, in place of a number of bytes; the process id is in place of OVERLAPPED. */
enum {
  JOB_OBJECT_MSG_ACTIVE_PROCESS_ZERO = 4,
  JOB_OBJECT_MSG_NEW_PROCESS = 6,
  JOB_OBJECT_MSG_EXIT_PROCESS = 7,
  JOB_OBJECT_MSG_ABNORMAL_EXIT_PROCESS = 8,
};

typedef struct {
  void *CompletionKey;
  void *CompletionPort;
} JOBOBJECT_ASSOCIATE_COMPLETION_PORT;

typedef struct {
  s64 PerProcessUserTimeLimit;
  s64 PerJobUserTimeLimit;
  u32 LimitFlags;
  u64 MinimumWorkingSetSize;
  u64 MaximumWorkingSetSize;
  u32 ActiveProcessLimit;
  u64 Affinity;
  u32 PriorityClass;
  u32 SchedulingClass;
} JOBOBJECT_BASIC_LIMIT_INFORMATION;

typedef struct {
  u64 ReadOperationCount;
  u64 WriteOperationCount;
  u64 OtherOperationCount;
  u64 ReadTransferCount;
  u64 WriteTransferCount;
  u64 OtherTransferCount;
} IO_COUNTERS;

typedef struct {
  JOBOBJECT_BASIC_LIMIT_INFORMATION BasicLimitInformation;
  IO_COUNTERS IoInfo;
  u64 ProcessMemoryLimit;
  u64 JobMemoryLimit;
  u64 PeakProcessMemoryUsed;
  u64 PeakJobMemoryUsed;
} JOBOBJECT_EXTENDED_LIMIT_INFORMATION;

#endif
