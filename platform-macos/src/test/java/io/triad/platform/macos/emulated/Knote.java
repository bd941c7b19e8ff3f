package io.triad.platform.macos.emulated;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/** One event of a kqueue: what was asked for and what is known. kqueue(2) calls it a kevent. */
abstract sealed class Knote permits DescriptorKnote, UserKnote, ProcessKnote {
  /** struct kevent: ident, filter, flags, fflags, data, udata. */
  static final int BYTES = 32;

  private static final int FILTER_AT = 8;
  private static final int FLAGS_AT = 10;
  private static final int FILTER_FLAGS_AT = 12;
  private static final int DATA_AT = 16;
  private static final int USER_DATA_AT = 24;

  static final int EVFILT_READ = -1;
  static final int EVFILT_WRITE = -2;
  static final int EVFILT_PROC = -5;
  static final int EVFILT_USER = -10;
  static final int EVFILT_EXCEPT = -15;

  static final int EV_ADD = 0x1;
  static final int EV_DELETE = 0x2;
  static final int EV_ENABLE = 0x4;
  static final int EV_DISABLE = 0x8;
  static final int EV_ONESHOT = 0x10;
  static final int EV_CLEAR = 0x20;
  static final int EV_RECEIPT = 0x40;
  static final int EV_DISPATCH = 0x80;
  static final int EV_EOF = 0x8000;
  static final int EV_ERROR = 0x4000;

  /** What a knote is known by. */
  record Key(long ident, int filter) {}

  /** A struct kevent on its way in. */
  record Change(Key key, int flags, int filterFlags, long data, long userData) {
    static Change read(MemorySegment from, long at) {
      return new Change(
          new Key(from.get(JAVA_LONG, at), from.get(JAVA_SHORT, at + FILTER_AT)),
          Short.toUnsignedInt(from.get(JAVA_SHORT, at + FLAGS_AT)),
          from.get(JAVA_INT, at + FILTER_FLAGS_AT),
          from.get(JAVA_LONG, at + DATA_AT),
          from.get(JAVA_LONG, at + USER_DATA_AT));
    }

    boolean has(int flag) {
      return (flags & flag) != 0;
    }

    /** Answers it, with an error or none. */
    void answer(int error, MemorySegment to, long at) {
      write(this, flags | EV_ERROR, filterFlags, error, userData, to, at);
    }
  }

  final Key key;

  /** What the events of this knote are known by to epoll. */
  final long id;

  /** As they were given when it was made, and EV_EOF once that has been seen. */
  int flags;

  /** The flags of the filter that were asked for: kn_sfflags. */
  int wanted;

  /** The number that was given with them: kn_sdata. */
  long given;

  /** The flags of the filter that hold. */
  int filterFlags;

  /** What the filter counts. */
  long data;

  /** Whether something has happened that has not been reported, or is to be reported again. */
  boolean active;

  boolean disabled;
  private long userData;

  Knote(Change change, long id) {
    key = change.key;
    this.id = id;
    flags = change.flags & ~EV_RECEIPT;
    wanted = change.filterFlags;
    given = change.data;
    userData = change.userData;
    disabled = change.has(EV_DISABLE);
  }

  /**
   * Begins to watch.
   *
   * @return 0, or {@code -errno}
   */
  abstract int attach(Host host);

  /** Ends watching. */
  abstract void detach(Host host);

  /** Whether what it watches is no longer there. */
  boolean isGone(Host host) {
    return false;
  }

  /** Runs the filter: whether there is something to report; sets data, flags and filter flags. */
  abstract boolean holds(Host host);

  /** Takes new parameters. The flags stay those with which it was made. */
  void touch(Change change) {
    wanted = change.filterFlags;
    given = change.data;
    userData = change.userData;
  }

  /** What becomes of its state when it is reported, with EV_CLEAR. */
  void clear() {
    filterFlags = 0;
  }

  void setUserData(long userData) {
    this.userData = userData;
  }

  void write(MemorySegment to, long at) {
    Change self = new Change(key, flags, filterFlags, data, userData);
    write(self, flags, filterFlags, data, userData, to, at);
  }

  private static void write(
      Change change,
      int flags,
      int filterFlags,
      long data,
      long userData,
      MemorySegment to,
      long at) {
    to.set(JAVA_LONG, at, change.key.ident);
    to.set(JAVA_SHORT, at + FILTER_AT, (short) change.key.filter);
    to.set(JAVA_SHORT, at + FLAGS_AT, (short) flags);
    to.set(JAVA_INT, at + FILTER_FLAGS_AT, filterFlags);
    to.set(JAVA_LONG, at + DATA_AT, data);
    to.set(JAVA_LONG, at + USER_DATA_AT, userData);
  }
}
