/*
 * Microsoft's extensions to sockets: AcceptEx, ConnectEx, DisconnectEx, TransmitFile. All but the
 * last are found by SIO_GET_EXTENSION_FUNCTION_POINTER and a GUID, which the call layer knows: a
 * GUID is no constant of C.
 */
#ifndef TRIAD_WINDOWS_MSWSOCK_H
#define TRIAD_WINDOWS_MSWSOCK_H

#include "../types.h"

/* Level SOL_SOCKET */
enum {
  SO_UPDATE_ACCEPT_CONTEXT = 0x700b,
  SO_CONNECT_TIME = 0x700c,
  SO_UPDATE_CONNECT_CONTEXT = 0x7010,
};

/* TransmitFile, DisconnectEx */
enum {
  TF_DISCONNECT = 0x1,
  TF_REUSE_SOCKET = 0x2,
  TF_WRITE_BEHIND = 0x4,
  TF_USE_DEFAULT_WORKER = 0,
  TF_USE_SYSTEM_THREAD = 0x10,
  TF_USE_KERNEL_APC = 0x20,
};

typedef struct {
  void *Head;
  u32 HeadLength;
  void *Tail;
  u32 TailLength;
} TRANSMIT_FILE_BUFFERS;

/* The name of an extension function; Data4 has 8 bytes. */
typedef struct {
  u32 Data1;
  u16 Data2;
  u16 Data3;
  u8 Data4_0;
  GAP1 GAP2 GAP4
} GUID;

#endif
