package io.triad.platform.linux;

import io.triad.platform.linux.ffi.Linux;
import java.util.ArrayList;
import java.util.List;

/** What an io_uring engine says of itself. */
final class IoUringDescription {
  private IoUringDescription() {}

  static List<String> of(
      Ring ring, ReceiveBuffers buffers, boolean multishotReceive, boolean multishotAccept,
      ZeroCopySends zeroCopySends) {
    List<String> lines = new ArrayList<>();
    lines.add("engine: io_uring, because this kernel allows it");
    lines.add("setup flags: " + setupFlags(ring.setupFlags()));
    lines.add("features: 0x" + Integer.toHexString(ring.features()));
    lines.add(
        "queues: "
            + ring.submissionEntries()
            + " submissions, "
            + ring.completionEntries()
            + " completions");
    lines.add("ring descriptor registered: " + yesNo(ring.descriptorRegistered()));
    lines.add("receive buffers: " + buffers.describe());
    lines.add(
        "receive: " + (multishotReceive ? "multishot" : "poll, then recv(2)"));
    lines.add("accept: " + (multishotAccept ? "multishot" : "one shot"));
    lines.add("send without a copy: " + zeroCopySends.describe());
    return lines;
  }

  private static String setupFlags(int flags) {
    List<String> names = new ArrayList<>();
    add(names, flags, Linux.IORING_SETUP_SUBMIT_ALL(), "SUBMIT_ALL");
    add(names, flags, Linux.IORING_SETUP_SINGLE_ISSUER(), "SINGLE_ISSUER");
    add(names, flags, Linux.IORING_SETUP_DEFER_TASKRUN(), "DEFER_TASKRUN");
    add(names, flags, Linux.IORING_SETUP_COOP_TASKRUN(), "COOP_TASKRUN");
    add(names, flags, Linux.IORING_SETUP_TASKRUN_FLAG(), "TASKRUN_FLAG");
    add(names, flags, Linux.IORING_SETUP_NO_SQARRAY(), "NO_SQARRAY");
    return names.isEmpty() ? "none" : String.join(" ", names);
  }

  private static void add(List<String> names, int flags, int flag, String name) {
    if ((flags & flag) != 0) {
      names.add(name);
    }
  }

  private static String yesNo(boolean value) {
    return value ? "yes" : "no";
  }
}
