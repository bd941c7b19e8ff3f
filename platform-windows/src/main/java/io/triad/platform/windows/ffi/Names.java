package io.triad.platform.windows.ffi;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;

/**
 * The functions of names (ws2_32.dll, iphlpapi.dll). Errors are those that the functions answer, not
 * negated. An object serves one thread at a time.
 */
public final class Names {
  private final NativeCall call;

  /** Makes one whose memory lives as long as the arena. */
  public Names(Arena arena) {
    Winsock.start();
    call = new NativeCall(arena);
  }

  /** Linked with the first name. */
  private static final class Functions {
    static final MemorySegment GET_ADDR_INFO = Winsock.function("GetAddrInfoW");
    static final MemorySegment FREE_ADDR_INFO = Winsock.function("FreeAddrInfoW");
    static final MemorySegment GET_NAME_INFO = Winsock.function("GetNameInfoW");
    static final MemorySegment GET_PROTOCOL = Winsock.function("getprotobyname");
    static final MemorySegment GET_SERVICE = Winsock.function("getservbyname");
    static final MemorySegment GET_HOST_NAME = Winsock.function("GetHostNameW");

    private Functions() {}
  }

  /** Linked with the first question for interfaces. */
  private static final class Adapters {
    static final SymbolLookup IP_HELPER = NativeCall.library("iphlpapi");
    static final MemorySegment GET_ADDRESSES =
        NativeCall.find(IP_HELPER, "GetAdaptersAddresses");
    static final MemorySegment INDEX_TO_NAME =
        NativeCall.find(IP_HELPER, "if_indextoname");

    private Adapters() {}
  }

  /**
   * GetAddrInfoW: 0 or an error number of sockets. {@code list} is a pointer in memory, written, for
   * {@link #freeAddrInfo}.
   */
  public int getAddrInfo(
      MemorySegment host, MemorySegment service, MemorySegment hints, MemorySegment list) {
    return (int) call.call(
        Functions.GET_ADDR_INFO,
        host.address(),
        service.address(),
        hints.address(),
        list.address());
  }

  /** FreeAddrInfoW. */
  public void freeAddrInfo(MemorySegment list) {
    call.call(Functions.FREE_ADDR_INFO, list.address(), 0, 0, 0);
  }

  /** GetNameInfoW: 0 or an error number of sockets; sizes count characters of 2 bytes. */
  public int getNameInfo(
      MemorySegment address, int length, MemorySegment host, MemorySegment service, int flags) {
    return (int) call.call(
        Functions.GET_NAME_INFO,
        address.address(),
        length,
        host.address(),
        host.byteSize() / 2,
        service.address(),
        service.byteSize() / 2,
        flags);
  }

  /** getprotobyname: the address of a struct that belongs to the thread, or 0. */
  public long getprotobyname(MemorySegment name) {
    return call.call(Functions.GET_PROTOCOL, name.address(), 0, 0, 0);
  }

  /** getservbyname: the address of a struct that belongs to the thread, or 0. */
  public long getservbyname(MemorySegment name, MemorySegment protocol) {
    return call.call(Functions.GET_SERVICE, name.address(), protocol.address(), 0, 0);
  }

  /** GetHostNameW: 0 or {@code -code}. */
  public int getHostName(MemorySegment name) {
    long result =
        call.call(Functions.GET_HOST_NAME, name.address(), name.byteSize() / 2, 0, 0);
    return (int) result == 0 ? 0 : call.failure();
  }

  /**
   * GetAdaptersAddresses for names alone: 0 or an error number; {@code size} is an int in memory, read
   * and written.
   */
  public int getAdapters(MemorySegment list, MemorySegment size) {
    int flags =
        Windows.GAA_FLAG_SKIP_UNICAST()
            | Windows.GAA_FLAG_SKIP_ANYCAST()
            | Windows.GAA_FLAG_SKIP_MULTICAST()
            | Windows.GAA_FLAG_SKIP_DNS_SERVER()
            | Windows.GAA_FLAG_SKIP_FRIENDLY_NAME();
    size.set(JAVA_INT, 0, (int) list.byteSize());
    return (int) call.call(
        Adapters.GET_ADDRESSES,
        Windows.AF_UNSPEC(),
        flags,
        0,
        list.address(),
        size.address(),
        0,
        0);
  }

  /** if_indextoname: whether there is an interface of this number; its name is written. */
  public boolean indexToName(int index, MemorySegment name) {
    return call.call(Adapters.INDEX_TO_NAME, index, name.address(), 0, 0) != 0;
  }
}
