/*
 * Overlapped operations and completion ports: ioapiset.h, minwinbase.h, handleapi.h, synchapi.h,
 * threadpoollegacyapiset.h. A HANDLE is a pointer in name only, and its upper half is 0 or the sign.
 */
#ifndef TRIAD_WINDOWS_IOAPI_H
#define TRIAD_WINDOWS_IOAPI_H

#include "../types.h"

typedef struct {
  u64 Internal;
  u64 InternalHigh;
  u32 Offset;
  u32 OffsetHigh;
  void *hEvent;
} OVERLAPPED;

/* GetQueuedCompletionStatusEx */
typedef struct {
  u64 lpCompletionKey;
  OVERLAPPED *lpOverlapped;
  u64 Internal;
  u32 dwNumberOfBytesTransferred;
} OVERLAPPED_ENTRY;

/* SetFileCompletionNotificationModes */
enum {
  FILE_SKIP_COMPLETION_PORT_ON_SUCCESS = 0x1,
  FILE_SKIP_SET_EVENT_ON_HANDLE = 0x2,
};

/* NtSetInformationFile: has the packets of a handle go to another port (Windows 8.1). No SDK declares
   the first; both are described in the documentation of drivers. */
enum {
  FileReplaceCompletionInformation = 61,
};

typedef struct {
  void *Port;
  void *Key;
} FILE_COMPLETION_INFORMATION;

/* VirtualAlloc, VirtualFree */
enum {
  MEM_COMMIT = 0x1000,
  MEM_RESERVE = 0x2000,
  MEM_RELEASE = 0x8000,
  PAGE_READWRITE = 0x4,
};

enum {
  INFINITE = (s32) 0xffffffff,
};

/* WaitForSingleObject, WaitForMultipleObjects */
enum {
  WAIT_OBJECT_0 = 0,
  WAIT_ABANDONED = 0x80,
  WAIT_FAILED = (s32) 0xffffffff,
  MAXIMUM_WAIT_OBJECTS = 64,
};

/* RegisterWaitForSingleObject */
enum {
  WT_EXECUTEDEFAULT = 0,
  WT_EXECUTEINWAITTHREAD = 0x4,
  WT_EXECUTEONLYONCE = 0x8,
};

/* GetHandleInformation, DuplicateHandle */
enum {
  HANDLE_FLAG_INHERIT = 0x1,
  HANDLE_FLAG_PROTECT_FROM_CLOSE = 0x2,
  DUPLICATE_CLOSE_SOURCE = 0x1,
  DUPLICATE_SAME_ACCESS = 0x2,
};

typedef struct {
  u32 nLength;
  void *lpSecurityDescriptor;
  s32 bInheritHandle;
} SECURITY_ATTRIBUTES;

#endif
