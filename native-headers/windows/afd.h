/*
 * Readiness of sockets: the driver behind sockets (\Device\Afd) completes a request once a socket is
 * ready, and WSAPoll and select are made of that. NtCreateFile and NtDeviceIoControlFile are
 * documented (winternl.h); the request and its struct are not, but have not changed since Windows
 * Vista, and Wine knows them. No SDK declares IOCTL_AFD_POLL, AFD_*; these are not checked against a
 * true header.
 */
#ifndef TRIAD_WINDOWS_AFD_H
#define TRIAD_WINDOWS_AFD_H

#include "../types.h"

typedef struct {
  s32 Status;
  u64 Information;
} IO_STATUS_BLOCK;

/* Text of 16-bit units; lengths in bytes. */
typedef struct {
  u16 Length;
  u16 MaximumLength;
  void *Buffer;
} UNICODE_STRING;

typedef struct {
  u32 Length;
  void *RootDirectory;
  UNICODE_STRING *ObjectName;
  u32 Attributes;
  void *SecurityDescriptor;
  void *SecurityQualityOfService;
} OBJECT_ATTRIBUTES;

/* NtCreateFile */
enum {
  FILE_OPEN = 1,
  SYNCHRONIZE = 0x100000,
};

enum {
  IOCTL_AFD_POLL = 0x12024,
};

enum {
  AFD_POLL_RECEIVE = 0x1,
  AFD_POLL_RECEIVE_EXPEDITED = 0x2,
  AFD_POLL_SEND = 0x4,
  AFD_POLL_DISCONNECT = 0x8,
  AFD_POLL_ABORT = 0x10,
  AFD_POLL_LOCAL_CLOSE = 0x20,
  AFD_POLL_CONNECT = 0x40,
  AFD_POLL_ACCEPT = 0x80,
  AFD_POLL_CONNECT_FAIL = 0x100,
};

typedef struct {
  void *Handle;
  u32 Events;
  s32 Status;
} AFD_POLL_HANDLE_INFO;

/* With one handle; there may be more. Timeout: an instant, or negative a duration, in 100 ns. */
typedef struct {
  s64 Timeout;
  u32 NumberOfHandles;
  u32 Exclusive;
  AFD_POLL_HANDLE_INFO Handles_0;
} AFD_POLL_INFO;

#endif
