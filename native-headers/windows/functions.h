/*
 * Prototypes of the functions that the call layer links to, each as its documentation gives it, with
 * u64 for SOCKET, ULONG_PTR and SIZE_T, s32 for BOOL and NTSTATUS, and void * for HANDLE. Not an input
 * of jextract (see windows.h); ci/abi-check compares all of them with the true headers.
 */
#ifndef TRIAD_WINDOWS_FUNCTIONS_H
#define TRIAD_WINDOWS_FUNCTIONS_H

#include "windows.h"

/* ws2_32.dll: sockets */
int WSAStartup(u16 version, WSADATA *data);
u64 WSASocketW(
    int family, int type, int protocol, WSAPROTOCOL_INFOW *info, u32 group, u32 flags);
int WSADuplicateSocketW(u64 socket, u32 process, WSAPROTOCOL_INFOW *info);
int closesocket(u64 socket);
int ioctlsocket(u64 socket, s32 command, u32 *argument);
int WSAIoctl(
    u64 socket, u32 code, void *in, u32 inBytes, void *out, u32 outBytes, u32 *written,
    OVERLAPPED *overlapped, void *routine);
int bind(u64 socket, const struct sockaddr *address, int length);
int listen(u64 socket, int backlog);
u64 accept(u64 socket, struct sockaddr *address, int *length);
int connect(u64 socket, const struct sockaddr *address, int length);
int shutdown(u64 socket, int how);
int setsockopt(u64 socket, int level, int name, const char *value, int length);
int getsockopt(u64 socket, int level, int name, char *value, int *length);
int getsockname(u64 socket, struct sockaddr *address, int *length);
int getpeername(u64 socket, struct sockaddr *address, int *length);

/* ws2_32.dll: transfers */
int send(u64 socket, const char *bytes, int length, int flags);
int recv(u64 socket, char *bytes, int length, int flags);
int WSASend(
    u64 socket, WSABUF *buffers, u32 count, u32 *sent, u32 flags, OVERLAPPED *overlapped,
    void *routine);
int WSARecv(
    u64 socket, WSABUF *buffers, u32 count, u32 *received, u32 *flags, OVERLAPPED *overlapped,
    void *routine);
int WSASendTo(
    u64 socket, WSABUF *buffers, u32 count, u32 *sent, u32 flags, const struct sockaddr *to,
    int toLength, OVERLAPPED *overlapped, void *routine);
int WSARecvFrom(
    u64 socket, WSABUF *buffers, u32 count, u32 *received, u32 *flags, struct sockaddr *from,
    int *fromLength, OVERLAPPED *overlapped, void *routine);
int WSASendMsg(
    u64 socket, WSAMSG *message, u32 flags, u32 *sent, OVERLAPPED *overlapped, void *routine);
int WSAPoll(struct pollfd *sockets, u32 count, int timeoutMillis);

/* Found at run time by a GUID */
s32 AcceptEx(
    u64 listener, u64 accepted, void *buffer, u32 bytes, u32 localBytes, u32 remoteBytes,
    u32 *received, OVERLAPPED *overlapped);
s32 ConnectEx(
    u64 socket, const struct sockaddr *address, int length, void *bytes, u32 count, u32 *sent,
    OVERLAPPED *overlapped);
s32 DisconnectEx(u64 socket, OVERLAPPED *overlapped, u32 flags, u32 reserved);
int WSARecvMsg(
    u64 socket, WSAMSG *message, u32 *received, OVERLAPPED *overlapped, void *routine);

/* mswsock.dll */
s32 TransmitFile(
    u64 socket, void *file, u32 bytes, u32 bytesPerSend, OVERLAPPED *overlapped,
    TRANSMIT_FILE_BUFFERS *buffers, u32 flags);

/* ws2_32.dll, iphlpapi.dll: names */
int GetAddrInfoW(
    const u16 *host, const u16 *service, const ADDRINFOW *hints, ADDRINFOW **result);
void FreeAddrInfoW(ADDRINFOW *list);
int GetNameInfoW(
    const struct sockaddr *address, int length, u16 *host, u32 hostSize, u16 *service,
    u32 serviceSize, int flags);
struct protoent *getprotobyname(const char *name);
struct servent *getservbyname(const char *name, const char *protocol);
int GetHostNameW(u16 *name, int size);
u32 GetAdaptersAddresses(
    u32 family, u32 flags, void *reserved, IP_ADAPTER_ADDRESSES *list, u32 *size);
char *if_indextoname(u32 index, char *name);

/* kernel32.dll: handles, completion ports */
s32 GetHandleInformation(void *handle, u32 *flags);
s32 SetHandleInformation(void *handle, u32 mask, u32 flags);
s32 CloseHandle(void *handle);
void *CreateIoCompletionPort(void *handle, void *port, u64 key, u32 threads);
s32 SetFileCompletionNotificationModes(void *handle, u8 modes);
s32 GetQueuedCompletionStatusEx(
    void *port, OVERLAPPED_ENTRY *entries, u32 count, u32 *removed, u32 millis, s32 alertable);
s32 PostQueuedCompletionStatus(void *port, u32 bytes, u64 key, OVERLAPPED *overlapped);
s32 CancelIoEx(void *handle, OVERLAPPED *overlapped);
void *CreateEventW(SECURITY_ATTRIBUTES *security, s32 manual, s32 signalled, const u16 *name);
s32 SetEvent(void *event);
u32 WaitForSingleObject(void *handle, u32 millis);
u32 WaitForMultipleObjects(u32 count, void *const *handles, s32 all, u32 millis);

/* kernel32.dll: files, memory, errors */
void *CreateFileW(
    const u16 *path, u32 access, u32 share, SECURITY_ATTRIBUTES *security, u32 creation, u32 flags,
    void *likeThis);
void *ReOpenFile(void *file, u32 access, u32 share, u32 flags);
s32 ReadFile(void *file, void *bytes, u32 count, u32 *read, OVERLAPPED *overlapped);
s32 WriteFile(void *file, const void *bytes, u32 count, u32 *written, OVERLAPPED *overlapped);
s32 GetFileSizeEx(void *file, void *size);
s32 GetFileInformationByHandle(void *file, BY_HANDLE_FILE_INFORMATION *information);
s32 GetFileInformationByHandleEx(void *file, u32 kind, void *information, u32 size);
void *VirtualAlloc(void *address, u64 size, u32 type, u32 protection);
s32 VirtualFree(void *address, u64 size, u32 type);
u32 FormatMessageW(
    u32 flags, const void *source, u32 code, u32 language, u16 *text, u32 size, void *arguments);

/* ntdll.dll */
s32 NtCreateFile(
    void *handle, u32 access, OBJECT_ATTRIBUTES *attributes, IO_STATUS_BLOCK *status,
    void *allocation, u32 fileAttributes, u32 share, u32 disposition, u32 options,
    void *extended, u32 extendedLength);
s32 NtDeviceIoControlFile(
    void *handle, void *event, void *routine, void *context, IO_STATUS_BLOCK *status, u32 code,
    void *in, u32 inLength, void *out, u32 outLength);
s32 NtSetInformationFile(
    void *handle, IO_STATUS_BLOCK *status, void *information, u32 size, u32 kind);
u32 RtlNtStatusToDosError(s32 status);

#endif
