/*
 * Child processes: CreateProcessW, UpdateProcThreadAttribute, GetExitCodeProcess.
 */
#ifndef TRIAD_WINDOWS_PROCESS_H
#define TRIAD_WINDOWS_PROCESS_H

#include "../types.h"

enum {
  CREATE_SUSPENDED = 0x4,
  DETACHED_PROCESS = 0x8,
  CREATE_NEW_CONSOLE = 0x10,
  CREATE_NEW_PROCESS_GROUP = 0x200,
  CREATE_UNICODE_ENVIRONMENT = 0x400,
  EXTENDED_STARTUPINFO_PRESENT = 0x80000,
  CREATE_BREAKAWAY_FROM_JOB = 0x1000000,
  CREATE_NO_WINDOW = 0x8000000,
};

enum {
  STARTF_USESTDHANDLES = 0x100,
};

enum {
  PROC_THREAD_ATTRIBUTE_PARENT_PROCESS = 0x20000,
  PROC_THREAD_ATTRIBUTE_HANDLE_LIST = 0x20002,
  PROC_THREAD_ATTRIBUTE_JOB_LIST = 0x2000d,
};

/* OpenProcess */
enum {
  PROCESS_TERMINATE = 0x1,
  PROCESS_QUERY_INFORMATION = 0x400,
  PROCESS_QUERY_LIMITED_INFORMATION = 0x1000,
};

enum {
  STILL_ACTIVE = 0x103,
};

typedef struct {
  u32 cb;
  void *lpReserved;
  void *lpDesktop;
  void *lpTitle;
  u32 dwX;
  u32 dwY;
  u32 dwXSize;
  u32 dwYSize;
  u32 dwXCountChars;
  u32 dwYCountChars;
  u32 dwFillAttribute;
  u32 dwFlags;
  u16 wShowWindow;
  u16 cbReserved2;
  void *lpReserved2;
  void *hStdInput;
  void *hStdOutput;
  void *hStdError;
} STARTUPINFOW;

typedef struct {
  STARTUPINFOW StartupInfo;
  void *lpAttributeList;
} STARTUPINFOEXW;

typedef struct {
  void *hProcess;
  void *hThread;
  u32 dwProcessId;
  u32 dwThreadId;
} PROCESS_INFORMATION;

#endif
