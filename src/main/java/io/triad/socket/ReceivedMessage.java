package io.triad.socket;

import io.triad.OsException;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message with what came beside its bytes; recvmsg(2). It owns the descriptors that came until
 * somebody takes them, so it is closed:
 *
 * <pre>{@code
 * try (ReceivedMessage message = socket.recvMsg(100, ControlMessage.spaceOfRights(1), 0)) {
 *   Socket passed = message.descriptors().takeSocket(0);
 *   …
 * }
 * }</pre>
 *
 * @param data the bytes; empty if they went into buffers of the caller
 * @param length how many bytes came; 0 for a datagram without any, and at the end of a connection
 * @param controls what came beside the bytes, without the descriptors
 * @param descriptors the descriptors that came
 * @param flags MSG_TRUNC and so on, as the system numbers them
 * @param truncated whether the datagram was longer than the room for it, and the rest is lost
 *     (SOCK-59)
 * @param controlTruncated whether there was more beside the bytes than there was room for; descriptors
 *     for which there was none are closed
 * @param address of the sender; null on a connection, where the system does not say
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record ReceivedMessage(
    byte[] data,
    int length,
    List<ControlMessage> controls,
    ReceivedDescriptors descriptors,
    int flags,
    boolean truncated,
    boolean controlTruncated,
    @Nullable SocketAddress address)
    implements AutoCloseable {

  /**
   * Closes the descriptors that nobody has taken.
   *
   * @throws OsException what the system says about it
   */
  @Override
  public void close() throws OsException {
    descriptors.close();
  }
}
