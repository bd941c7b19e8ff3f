package io.triad.engine.simulated;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a call to receive answers.
 *
 * @param result a count, {@link OpenSocket#LATER}, or an error negated
 * @param flags with which it was received, as of recvmsg(2)
 * @param from who sent it, if that is known
 * @param rights the sockets that came with it, each held for the receiver
 */
record Received(int result, int flags, @Nullable Address from, List<OpenSocket> rights) {
  /** Nothing but a result. */
  static Received of(int result) {
    return new Received(result, 0, null, List.of());
  }

  /** The result, for a call that cannot bring sockets: they are closed. */
  int withoutRights() {
    rights.forEach(OpenSocket::drop);
    return result;
  }
}
