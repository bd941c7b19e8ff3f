/* The true headers of Windows, as mingw-w64 writes them. */
#define _WIN32_WINNT 0x0A00
/* winnt.h has a few statuses, ntstatus.h has all of them, and the two cannot be had together. */
#define WIN32_NO_STATUS
#include <winsock2.h>
#include <ws2tcpip.h>
#include <mswsock.h>
#include <windows.h>
#include <iphlpapi.h>
#undef WIN32_NO_STATUS
#include <ntstatus.h>
#include <winternl.h>

#include <afunix.h>
#include <errno.h>
#include <stddef.h>

/* Functions that are found at run time have a type of pointer in mswsock.h, and no declaration. */
#ifdef __cplusplus
extern "C" {
#endif
__typeof__(*(LPFN_CONNECTEX) 0) ConnectEx;
__typeof__(*(LPFN_DISCONNECTEX) 0) DisconnectEx;
__typeof__(*(LPFN_WSARECVMSG) 0) WSARecvMsg;
#ifdef __cplusplus
}
#endif
